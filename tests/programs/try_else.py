"""The else of a try: only without an exception, and outside its handlers."""

from __future__ import annotations

log = []


def attempt(n):
    try:
        1 // n
    except ZeroDivisionError:
        log.append("except")
        return "handled"
    else:
        log.append("else")
        return 10 % (n - 1)
    finally:
        log.append("finally")


def main():
    log.clear()
    seen = []
    for n in (0, 1, 3):
        try:
            seen.append(attempt(n))
        except ZeroDivisionError:
            seen.append("not handled")
    return seen, list(log)
