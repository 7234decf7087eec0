"""Builtins that call methods: len, bool, contains, hash, index, call, reversed, dir."""

from __future__ import annotations


class Everything:
    def __len__(self):
        log.append("len")
        return 3

    def __contains__(self, value):
        log.append("contains")
        return []

    def __hash__(self):
        log.append("hash")
        return 5

    def __eq__(self, other):
        log.append("eq")
        return True

    def __call__(self, *args, **kwargs):
        log.append("call")
        return args, kwargs

    def __reversed__(self):
        log.append("reversed")
        return iter("ab")

    def __dir__(self):
        log.append("dir")
        return ["z", "a"]

    def __length_hint__(self):
        return 2

    def __bytes__(self):
        return b"bytes"

    def __instancecheck__(self, instance):
        log.append("instancecheck")
        return True

    def __subclasscheck__(self, cls):
        log.append("subclasscheck")
        return False

    def __class_getitem__(cls, key):
        log.append("class_getitem")
        return key


log = []


def main():
    log.clear()
    x = Everything()
    seen = [len(x), bool(x), 5 in x, 5 not in x, x(1, a=2), list(reversed(x)), dir(x)]
    seen += [{x: 1}[Everything()], len({x, Everything()}), bytes(x), Everything[3]]
    seen += [isinstance(5, x), issubclass(int, x), [1] == x, x in [0, x]]
    return seen, list(log)
