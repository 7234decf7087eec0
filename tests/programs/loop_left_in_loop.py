"""A generator that returns within a `for` ends the `for` over itself."""

from __future__ import annotations

log = []


def numbers():
    try:
        yield 1
        yield 2
    finally:
        log.append("left")


def first():
    for number in numbers():
        return (yield number)


def main():
    log.clear()
    try:
        for number in first():
            log.append(number)
    finally:
        log.append("done")
    return list(log)
