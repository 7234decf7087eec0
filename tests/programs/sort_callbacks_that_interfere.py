"""Key functions and comparisons that raise, look at the list, or resume generators."""

from __future__ import annotations


def looking(items):
    def key(x):
        seen.append(len(items))
        return -x

    seen = []
    items.sort(key=key)
    return items, seen


def changing(items):
    def key(x):
        items.append(x)
        return x

    try:
        items.sort(key=key)
    except ValueError as error:
        return str(error)


def raising(items):
    def key(x):
        if x == 2:
            raise KeyError(x)
        return x

    try:
        sorted(items, key=key)
    except KeyError as error:
        return error.args


def driving():
    def numbers():
        n = 0
        while True:
            n += yield n

    g = numbers()
    next(g)
    largest = max(range(3), key=lambda x: g.send(-x))
    return sorted([3, 1, 2], key=g.send), largest, g.close()


def main():
    return looking([1, 2, 3]), changing([2, 1]), raising([3, 2, 1]), driving()
