"""A generator whose finally returns: closed, thrown into, dropped."""

from __future__ import annotations

import warnings

SOURCE = """
def stubborn(log):
    try:
        yield 1
        yield 2
    finally:
        log.append("finally")
        return "result"
"""


def main():
    names, log = {}, []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exec(SOURCE, names)
    stubborn = names["stubborn"]
    g = stubborn(log)
    next(g)
    g.close()
    log.append("closed")
    g = stubborn(log)
    next(g)
    try:
        g.throw(ValueError)
    except StopIteration as stop:
        log.append(stop.value)
    g = stubborn(log)
    next(g)
    del g
    return log, list(stubborn([]))
