"""What the interpreter writes into the exceptions that it raises."""

from __future__ import annotations


class Slotted:
    __slots__ = ("a",)


def name():
    return undefined  # noqa: F821


def local():
    return later  # noqa: F821
    later = 1  # noqa: F841


def attribute():
    return Slotted().missing


def slot():
    return Slotted().a


def imported():
    import os.no_such_module  # noqa: F401


def key():
    return {(1, 2): 3}[1]


def main():
    seen = []
    for function in (name, local, attribute, slot, imported, key):
        try:
            function()
        except (NameError, AttributeError, ImportError, KeyError) as error:
            kind = type(error).__name__
            named = getattr(error, "name", None)
            owner = type(getattr(error, "obj", None)).__name__
            seen.append((function.__name__, kind, named, owner, error.args))
    return seen
