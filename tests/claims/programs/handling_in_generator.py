"""A generator that waits in a handler goes on with what it handles, and only then."""

import sys


def g():
    try:
        1 / 0  # noqa: B018
    except ZeroDivisionError:
        yield sys.exc_info()[0]
        yield sys.exc_info()[0]


gg = g()
assert next(gg) is ZeroDivisionError
assert sys.exc_info() == (None, None, None)
assert next(gg) is ZeroDivisionError
