"""An exception leaves loops: their generators end while its frame is there still."""

from __future__ import annotations

import sys

log = []


def items(name):
    try:
        yield name
        yield name
    finally:
        caller = sys._getframe(1)
        log.append((name, caller.f_code.co_name))
        del caller


def raising():
    for _ in items("outer"):
        for _ in items("inner"):
            raise ValueError


def generator():
    for _ in items("outer"):
        yield 1


def passing():
    for _ in items("caller's"):
        raising()


def attempt(function):
    try:
        function()
    except ValueError:
        log.append(function.__name__)


def main():
    log.clear()
    attempt(raising)
    attempt(passing)
    made = generator()
    next(made)
    attempt(lambda: made.throw(ValueError))
    return list(log)
