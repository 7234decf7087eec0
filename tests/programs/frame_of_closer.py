"""What is closed or thrown into by a delegation sees who called close() or throw().

Only a generator that is thrown into has the one that delegates to it on the stack.
"""

from __future__ import annotations

import sys

seen = []


def callers():
    frame, names = sys._getframe(1), []
    while frame is not None and frame.f_code is not main.__code__:
        names.append(frame.f_code.co_name)
        frame = frame.f_back
    seen.append(names)


class Iterator:
    def __iter__(self):
        return self

    def __next__(self):
        return 1

    def throw(self, error):
        callers()
        raise error

    def close(self):
        callers()


def inner():
    try:
        yield 1
    finally:
        callers()


def outer(receiver):
    yield from receiver


def closes(generator):
    next(generator)
    generator.close()


def drops(generator):
    next(generator)


def throws(generator):
    next(generator)
    try:
        generator.throw(ValueError())
    except ValueError:
        pass


def main():
    seen.clear()
    for end in closes, drops, throws:
        end(outer(inner()))
        end(outer(Iterator()))
        end(outer(outer(inner())))
    return list(seen)
