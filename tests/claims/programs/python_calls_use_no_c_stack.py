"""Python to Python calls need no C stack: 30,000 levels deep are no trouble."""

import sys


def down(n):
    return 0 if n == 0 else 1 + down(n - 1)


limit = sys.getrecursionlimit()
sys.setrecursionlimit(32_000)
try:
    assert down(30_000) == 30_000
finally:
    sys.setrecursionlimit(limit)
