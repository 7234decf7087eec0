"""An error in the inner generator, handled outside, and StopIteration thrown in."""

from __future__ import annotations


def inner(n):
    yield n
    raise KeyError(n)


def outer():
    for n in range(2):
        try:
            yield from inner(n)
        except KeyError as error:
            yield "handled", error.args
    try:
        yield from waiting()
    except StopIteration as stop:
        yield "stop", stop.value
    except RuntimeError as error:
        yield str(error)


def waiting():
    yield "waiting"


def shared():
    g = waiting()
    yield from g
    yield from g
    yield "second time: nothing"


def main():
    g = outer()
    seen = [next(g) for _ in range(5)]
    seen.append(g.throw(StopIteration("thrown")))
    return seen, list(shared())
