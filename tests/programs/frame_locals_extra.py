"""Names in f_locals that the code does not know, and the mapping's methods."""

from __future__ import annotations

import sys


def extra():
    x = 1
    frame = sys._getframe()
    frame.f_locals["other"] = 5
    known = "other" in frame.f_locals, frame.f_locals.get("nothing"), x
    frame.f_locals.update({"other": 6})
    popped = frame.f_locals["other"]
    del frame
    return known, popped


def methods(a, b=2):
    mapping = sys._getframe().f_locals
    try:
        mapping["z"]
    except KeyError as error:
        missing = error.args
    kept = [k for k in mapping if k in "ab"], mapping["a"], mapping.get("z", 0)
    del mapping
    return kept, missing


def main():
    return extra(), methods(1)
