"""frame.clear() of a generator: not yet begun, suspended, and over."""

from __future__ import annotations

log = []


def numbers():
    try:
        yield 1
        yield 2
    finally:
        log.append("finally")


def attempt(frame):
    try:
        frame.clear()
    except RuntimeError as error:
        log.append(str(error))


def main():
    log.clear()
    new = numbers()
    attempt(new.gi_frame)
    log.append(list(new))
    begun = numbers()
    next(begun)
    frame = begun.gi_frame
    attempt(frame)
    log.append(list(begun))
    attempt(frame)
    return list(log)
