"""Functions that share one cell, and calls of the maker that do not."""

from __future__ import annotations


def make(start):
    value = start

    def get():
        return value

    def put(new):
        nonlocal value
        value = new

    return get, put


def main():
    get, put = make(1)
    other, _ = make(10)
    seen = [get(), other()]
    put(2)
    seen += [get(), other()]
    seen.append(get.__closure__[0] is put.__closure__[0])
    get.__closure__[0].cell_contents = "by hand"
    seen += [get(), put.__code__.co_freevars, make.__code__.co_cellvars]
    return seen
