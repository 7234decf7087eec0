"""send, throw and close of a generator that has not begun."""

from __future__ import annotations

log = []


def numbers():
    log.append("begun")
    try:
        yield 1
    finally:
        log.append("finally")


def attempt(call):
    g = numbers()
    try:
        value = call(g)
    except (TypeError, ValueError) as error:
        value = repr(error)
    return value, g.gi_frame is None, list(g)


def main():
    log.clear()
    return (
        attempt(lambda g: g.send(None)),
        attempt(lambda g: g.send(1)),
        attempt(lambda g: g.throw(ValueError("early"))),
        attempt(lambda g: g.close()),
        list(log),
    )
