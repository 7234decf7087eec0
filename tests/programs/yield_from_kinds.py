"""yield from of a generator, an iterator with and without send, and a coroutine."""

from __future__ import annotations

import types


class Plain:
    def __init__(self):
        self.n = 0

    def __iter__(self):
        return self

    def __next__(self):
        self.n += 1
        if self.n > 2:
            raise StopIteration("plain")
        return self.n


class Full(Plain):
    def send(self, value):
        return "sent", value

    def throw(self, error):
        return "thrown", type(error).__name__

    def close(self):
        log.append("closed")


def delegate(iterable):
    return (yield from iterable)


def attempt(call, *args):
    try:
        return call(*args)
    except Exception as error:
        return repr(error)


@types.coroutine
def old_style():
    return (yield from waiting())


async def waiting():
    return 5


log = []


def main():
    log.clear()
    seen = []
    for kind in (Plain, Full):
        g = delegate(kind())
        seen += [next(g), attempt(g.send, "x"), next(delegate(kind()))]
        g = delegate(kind())
        next(g)
        seen.append(attempt(g.throw, ValueError("v")))
        g = delegate(kind())
        next(g)
        g.close()
    seen.append(list(delegate("ab")))
    seen.append(attempt(next, delegate(3)))
    seen.append(attempt(old_style().send, None))
    return seen, list(log)
