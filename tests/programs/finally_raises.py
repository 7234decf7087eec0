"""An exception in a finally takes the place of the one on its way, as its context."""

from __future__ import annotations


def twice():
    try:
        raise KeyError("first")
    finally:
        raise ValueError("second")


def three():
    try:
        try:
            raise KeyError("a")
        finally:
            raise ValueError("b")
    finally:
        raise TypeError("c")


def chain(error):
    names = []
    while error is not None:
        names.append(repr(error))
        error = error.__context__
    return names


def main():
    seen = []
    for function in (twice, three):
        try:
            function()
        except Exception as error:
            seen.append(chain(error))
    return seen
