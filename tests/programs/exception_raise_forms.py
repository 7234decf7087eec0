"""raise of classes, instances, what is neither, and of nothing at all."""

from __future__ import annotations


class Odd(Exception):
    def __new__(cls, *args):
        return super().__new__(cls, *args)

    def __init__(self, a=1):
        super().__init__(a)


class NotMade(Exception):
    def __new__(cls):
        return 3


def attempt(what, *cause):
    try:
        if cause:
            raise what from cause[0]
        raise what
    except BaseException as error:
        return type(error).__name__, str(error), repr(error.__cause__)


def nothing():
    try:
        raise
    except RuntimeError as error:
        return str(error)


def main():
    return (
        attempt(Odd),
        attempt(Odd(2)),
        attempt(NotMade),
        attempt("text"),
        attempt(int),
        attempt(ValueError, KeyError),
        attempt(ValueError, KeyError(3)),
        attempt(ValueError, None),
        attempt(ValueError, "cause"),
        nothing(),
    )
