"""Greenlets that switch to and fro; needs greenlet."""

from __future__ import annotations

import greenlet


def leaf(x):
    return x + 1


def first(other):
    values = [leaf(1)]
    values.append(other.switch(values[0]))
    values.append(leaf(values[-1]))
    return values


def second(x):
    y = leaf(x)
    z = greenlet.getcurrent().parent.switch(leaf(y))
    return leaf(z)


def main():
    b = greenlet.greenlet(second)
    a = greenlet.greenlet(first)
    b.parent = a
    values = a.switch(b)
    values.append(nested(3))
    return values


def nested(depth):
    if depth == 0:
        return "deep"
    return greenlet.greenlet(nested).switch(depth - 1)
