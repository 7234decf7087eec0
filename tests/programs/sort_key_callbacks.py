"""Python functions that C code calls: key functions, comparisons, map, re."""

from __future__ import annotations

import functools
import re


def key(value):
    return -value


def compare(a, b):
    return (a > b) - (a < b)


def replace(match):
    return match.group().upper()


def main():
    values = [3, 1, 2]
    return (
        sorted(values, key=key),
        sorted(values, key=functools.cmp_to_key(compare)),
        list(map(key, values)),
        list(filter(key, values)),
        re.sub("[a-c]", replace, "abcd"),
        functools.reduce(compare, values),
    )
