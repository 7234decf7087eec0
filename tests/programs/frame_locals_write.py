"""f_locals written to: it reaches the variable from 3.13 on, before it is lost."""

from __future__ import annotations

import sys


def own():
    x = 10
    sys._getframe().f_locals["x"] = 20
    return x, sys._getframe().f_locals["x"]


def write(name, value):
    sys._getframe(1).f_locals[name] = value


def by_callee():
    x = "before"
    write("x", "after")
    return x


def in_cell():
    def read():
        return x

    x = 1
    write("x", 2)
    return read(), x


def unbound():
    write("x", 3)
    try:
        return x  # noqa: F821
    except UnboundLocalError:
        return "unbound"
    x = 4  # noqa: F841


def by_locals():
    x = 1
    locals()["x"] = 2
    return x


def main():
    return own(), by_callee(), in_cell(), unbound(), by_locals()
