"""Exceptions that C code takes, or passes on from a callback."""

from __future__ import annotations


class Missing:
    def __getattr__(self, name):
        raise AttributeError(name)


class Bad:
    def __lt__(self, other):
        raise TypeError("no order")


class Dict(dict):
    def __missing__(self, key):
        raise KeyError(key)


def main():
    seen = [getattr(Missing(), "x", "default"), hasattr(Missing(), "y")]
    try:
        sorted([Bad(), Bad()])
    except TypeError as error:
        seen.append(str(error))
    try:
        Dict()["k"]
    except KeyError:
        seen.append("key")
    return seen
