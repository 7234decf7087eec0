"""A stack 20,000 frames deep."""

from __future__ import annotations

import sys


def down(n):
    return 0 if n == 0 else 1 + down(n - 1)


def main():
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(25_000)
    try:
        return down(20_000)
    finally:
        sys.setrecursionlimit(limit)
