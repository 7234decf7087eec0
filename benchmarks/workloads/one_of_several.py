"""What a process of a bigger program does: imports, then calls. `one_of_several.py N`.

`several.py` starts it again and again; alone it is the program of one process.
"""

from __future__ import annotations

import json
import sys


def leaf(n: int) -> int:
    """Be counted."""
    return n + 1


def middle(n: int) -> int:
    """Call two functions."""
    return leaf(n) + leaf(n + 1)


def work(rounds: int) -> int:
    """Call, and encode what came of it."""
    total = 0
    for n in range(rounds):
        total += middle(n)
        if not n % 1_000:
            total += len(json.dumps({"n": n, "total": total}))
    return total


work(int(sys.argv[1]))
