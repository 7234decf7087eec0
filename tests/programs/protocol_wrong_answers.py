"""Special methods that return the wrong type, and what the interpreter says."""

from __future__ import annotations


class Wrong:
    def __len__(self):
        return -1

    def __bool__(self):
        return 3

    def __hash__(self):
        return "text"

    def __index__(self):
        return 2.5

    def __str__(self):
        return 5

    def __repr__(self):
        return None

    def __iter__(self):
        return 5

    def __int__(self):
        return "5"

    def __dir__(self):
        return 5

    def __init__(self):
        return None


class WrongInit:
    def __init__(self):
        return 5


class NotIterator:
    def __iter__(self):
        return self


CALLS = len, bool, hash, hex, str, repr, list, int, dir


def main():
    seen = []
    more = lambda x: [1][x], lambda x: WrongInit(), lambda x: [*NotIterator()]
    for call in CALLS + more:
        try:
            seen.append(call(Wrong()))
        except (TypeError, ValueError) as error:
            seen.append(str(error))
    return seen
