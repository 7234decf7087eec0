"""Every kind of argument."""

from __future__ import annotations


def every(a, /, b, *args, c=3, d, **kwargs):
    return a, b, args, c, d, kwargs


def spread(*args, **kwargs):
    return every(*args, **kwargs)


def main():
    return every(1, 2, d=4), spread(1, 2, 3, d=5, e=6), every(*range(4), **{"d": 1})  # noqa: PIE804
