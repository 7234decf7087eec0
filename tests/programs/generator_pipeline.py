"""Generators fed by generators."""

from __future__ import annotations


def source(n):
    yield from range(n)


def odd(values):
    for value in values:
        if value % 2:
            yield value


def squares(values):
    for value in values:
        yield value * value


def main():
    return list(squares(odd(source(10))))
