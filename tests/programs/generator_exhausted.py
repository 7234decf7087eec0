"""What is left of a generator that returned, failed or was closed."""

from __future__ import annotations


def numbers(n):
    yield n
    if n < 0:
        raise ValueError(n)


def ended(g):
    seen = [g.gi_frame, g.gi_running, g.gi_yieldfrom, g.close(), list(g)]
    for call in (next, lambda g: g.send(5)):
        try:
            call(g)
        except StopIteration as stop:
            seen.append(stop.value)
    try:
        g.throw(KeyError("late"))
    except KeyError as error:
        seen.append(str(error))
    return seen


def main():
    returned = numbers(1)
    list(returned)
    failed = numbers(-1)
    try:
        list(failed)
    except ValueError:
        pass
    closed = numbers(2)
    closed.close()
    return ended(returned), ended(failed), ended(closed)
