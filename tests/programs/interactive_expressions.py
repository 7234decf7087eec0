"""Code compiled as an interactive statement shows its values by displayhook."""

from __future__ import annotations

import sys

shown = []


def main():
    shown.clear()
    hook = sys.displayhook
    sys.displayhook = shown.append
    try:
        for source in ("1 + 1", "None", "x = 5", "x; x * 2", "for i in (1, 2): i\n"):
            exec(compile(source, "<compiled>", "single"), names)
    finally:
        sys.displayhook = hook
    return list(shown), names["x"]


names = {}
