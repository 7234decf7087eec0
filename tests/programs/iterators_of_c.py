"""Loops over iterators written in C: they end without StopIteration, or pass it on."""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections import OrderedDict, deque


class Countdown:
    def __init__(self, n):
        self.n = n

    def __iter__(self):
        return self

    def __next__(self):
        if self.n == 0:
            raise StopIteration
        self.n -= 1
        return self.n


class Lines(io.StringIO):
    """Has the `__next__` of C."""


def down(n):
    while n:
        n -= 1
        yield n


def made(source):
    yield csv.reader(["a,b"])
    yield io.StringIO("a\nb")
    yield Lines("a\n")
    yield itertools.repeat(1, 2)
    yield itertools.zip_longest("ab", "c")
    yield re.finditer("a", "aa")
    yield iter(deque([1]))
    yield iter(OrderedDict(a=1))
    yield itertools.chain(source(2), [3])
    yield iter([1].pop, 2)


def passed_on(source):
    yield map(str, source(2))
    yield zip(source(2), source(3), strict=False)
    yield enumerate(source(2))
    yield filter(None, source(3))
    yield itertools.islice(source(2), 3)
    yield itertools.takewhile(str, source(2))


def main():
    seen = []
    for source in (range, down, Countdown):
        for iterators in (made, passed_on):
            for iterator in iterators(source):
                try:
                    for item in iterator:
                        seen.append(str(item))
                except IndexError as error:
                    seen.append(repr(error))
    return seen
