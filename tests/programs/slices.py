"""Slices: read, written, deleted, of sequences and of objects that show their key."""

from __future__ import annotations


class Keys:
    def __getitem__(self, key):
        return key

    def __setitem__(self, key, value):
        self.last = key, value


class Index:
    def __init__(self, n):
        self.n = n

    def __index__(self):
        return self.n


def main():
    items, keys = list(range(10)), Keys()
    low, high, step = 2, 8, 3
    seen = [items[low:high], items[low:], items[:high], items[:], items[low:high:step]]
    seen += [items[::-1], items[Index(1) : Index(3)], "text"[low:], (1, 2, 3)[-2:]]
    items[low:high] = "ab"
    items[::2] = [0] * len(items[::2])
    items[low:low] = keys[1:2, ...]
    keys[low : high + 1] = 5
    seen += [keys.last, keys[:], keys[1:2:3], keys[low:, :high], keys[()]]
    try:
        items[::2] = [1]
    except ValueError as error:
        seen.append(str(error))
    try:
        items["a":]
    except TypeError as error:
        seen.append(str(error))
    return seen, items
