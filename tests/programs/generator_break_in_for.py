"""A for loop that is left early: the generator lives on, or dies with the loop."""

from __future__ import annotations

log = []


def numbers():
    try:
        yield from range(5)
    finally:
        log.append("closed")


def unnamed():
    for n in numbers():
        if n == 1:
            break
    log.append("after the loop")


def named():
    g = numbers()
    for n in g:
        if n == 1:
            break
    rest = list(g)
    log.append(rest)


def returning():
    for n in numbers():
        return n


def unpacking():
    try:
        a, b = numbers()
    except ValueError as error:
        log.append(str(error)[:15])


def main():
    log.clear()
    for function in (unnamed, named, returning, unpacking):
        function()
    return list(log)
