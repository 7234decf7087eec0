"""Context managers: nested, swallowing, from a generator."""

from __future__ import annotations

import contextlib

log = []


class Manager:
    def __init__(self, name, swallow=False):
        self.name = name
        self.swallow = swallow

    def __enter__(self):
        log.append(f"+{self.name}")
        return self

    def __exit__(self, kind, error, traceback):
        log.append(f"-{self.name}")
        return self.swallow


@contextlib.contextmanager
def generated():
    log.append("+g")
    try:
        yield
    finally:
        log.append("-g")


def main():
    log.clear()
    with Manager("a"), Manager("b"):
        log.append("in")
    with Manager("c", swallow=True):
        raise ValueError
    try:
        with generated():
            raise KeyError
    except KeyError:
        log.append("out")
    return list(log)
