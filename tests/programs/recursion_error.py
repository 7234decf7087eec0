"""Recursion up to the limit, and back by the exception."""

from __future__ import annotations

import sys


def down(n):
    return down(n + 1)


def main():
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(400)
    try:
        down(0)
    except RecursionError as error:
        return type(error).__name__
    finally:
        sys.setrecursionlimit(limit)
