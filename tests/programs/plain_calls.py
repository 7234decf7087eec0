"""Functions that call functions."""

from __future__ import annotations


def leaf(x):
    return x + 1


def middle(x):
    return leaf(x) + leaf(x + 1)


def main():
    return [middle(i) for i in range(5)]
