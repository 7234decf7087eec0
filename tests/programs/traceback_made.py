"""Tracebacks made by hand, shortened, joined, and given to an exception."""

from __future__ import annotations

import sys
import types


def frame():
    return sys._getframe()


def names(entry):
    found = []
    while entry is not None:
        found.append((entry.tb_frame.f_code.co_name, entry.tb_lineno))
        entry = entry.tb_next
    return found


def fail():
    raise ValueError


def shortened():
    try:
        fail()
    except ValueError as error:
        return error.with_traceback(error.__traceback__.tb_next)


def main():
    last = types.TracebackType(None, frame(), 0, 7)
    first = types.TracebackType(last, frame(), 2, 5)
    seen = [names(first)]
    error = KeyError().with_traceback(first)
    try:
        raise error
    except KeyError:
        seen.append([name for name, _ in names(error.__traceback__)])
    first.tb_next = None
    seen.append(len(names(error.__traceback__)))
    try:
        last.tb_next = last
    except ValueError as wrong:
        seen.append(str(wrong))
    seen.append([name for name, _ in names(shortened().__traceback__)])
    return seen
