"""finally: passed through, returning, and in a loop."""

from __future__ import annotations

log = []


def through():
    try:
        raise ValueError
    finally:
        log.append("through")


def swallow():
    try:
        raise ValueError
    except ValueError:
        return "handled"
    finally:
        log.append("swallow")


def loop():
    for i in range(3):
        try:
            if i == 1:
                continue
            log.append(i)
        finally:
            log.append(-i)


def main():
    log.clear()
    try:
        through()
    except ValueError:
        log.append("caught")
    swallow()
    loop()
    return list(log)
