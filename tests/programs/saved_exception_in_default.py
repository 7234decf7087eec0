"""An exception kept in a default argument, until the function is dropped."""

from __future__ import annotations

import weakref


class Big:
    pass


alive = []


def load():
    big = Big()
    alive.append(weakref.ref(big))
    raise RuntimeError("default")


def make():
    try:
        load()
    except RuntimeError as error:

        def again(error=error):
            raise error

        return again


def main():
    alive.clear()
    again = make()
    lengths = []
    for _ in range(2):
        try:
            again()
        except RuntimeError as error:
            entry, n = error.__traceback__, 0
            while entry is not None:
                entry, n = entry.tb_next, n + 1
            lengths.append(n)
    held = alive[0]() is not None
    again.__defaults__[0].__traceback__ = None
    return lengths, held, alive[0]() is None
