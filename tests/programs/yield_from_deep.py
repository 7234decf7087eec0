"""A chain of generators: a value, an exception and a close pass through all."""

from __future__ import annotations

log = []


def chain(n):
    try:
        if n == 0:
            received = yield "bottom"
            return [received]
        return (yield from chain(n - 1)) + [n]
    except KeyError:
        log.append(n)
        if n == 5:
            return ["caught"]
        raise
    finally:
        if n % 10 == 0:
            log.append(f"finally {n}")


def finish(call, *args):
    try:
        call(*args)
    except StopIteration as stop:
        return len(stop.value), stop.value[:3]


def main():
    log.clear()
    sent, thrown, closed = chain(30), chain(30), chain(30)
    seen = [next(g) for g in (sent, thrown, closed)]
    seen.append(finish(sent.send, "value"))
    seen.append(finish(thrown.throw, KeyError()))
    closed.close()
    return seen, list(log)
