"""Calls of Python functions, 30,000 deep, run out of C stack."""

import sys


def down(n):
    return 0 if n == 0 else 1 + down(n - 1)


limit = sys.getrecursionlimit()
sys.setrecursionlimit(32_000)
try:
    down(30_000)
except RecursionError:
    failed = True
else:
    failed = False
finally:
    sys.setrecursionlimit(limit)
assert failed
