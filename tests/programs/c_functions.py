"""Functions and methods written in C."""

from __future__ import annotations

import math


def main():
    values = []
    for i in range(4):
        values.append(abs(-i))
    values.sort()
    text = "a-b".split("-")
    try:
        int("x")
        len(3)
    except (TypeError, ValueError):
        pass
    try:
        math.sqrt(-1)
    except ValueError:
        text.append("negative")
    return len(values), text, math.floor(2.5), sorted(values, key=abs), "".join(text)
