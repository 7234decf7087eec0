"""inspect.getargvalues, signature, getcallargs and getclosurevars."""

from __future__ import annotations

import inspect
import sys


def arguments(a, /, b, *rest, c=3, **more):
    values = inspect.getargvalues(sys._getframe())
    return values.args, values.varargs, values.keywords, values.locals["rest"]


def outer():
    x = 1

    def inner():
        return x, len

    return inspect.getclosurevars(inner)


def main():
    found = outer()
    bound = inspect.signature(arguments).bind(1, 2, 4, d=5)
    return (
        arguments(1, 2, 4, d=5),
        dict(bound.arguments),
        dict(found.nonlocals),
        list(found.builtins),
        str(inspect.signature(arguments)),
    )
