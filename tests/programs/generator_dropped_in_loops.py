"""A generator dropped in the middle of loops: in which order these generators end."""

from __future__ import annotations

import sys

log = []


def items(name):
    try:
        yield name
        yield name
    finally:
        log.append(name)


def nested():
    for a in items("outer"):
        for b in items("inner"):
            frame = sys._getframe()
            del frame
            for c in items("innermost"):
                yield a, b, c


def main():
    log.clear()
    seen = [next(nested(), 0)]
    suspended = nested()
    seen.append(next(suspended))
    suspended.close()
    return seen, list(log)
