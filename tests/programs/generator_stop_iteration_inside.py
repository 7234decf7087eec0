"""StopIteration raised inside a generator becomes a RuntimeError (PEP 479)."""

from __future__ import annotations


def raised():
    yield 1
    raise StopIteration("inside")


def by_next():
    yield next(iter([]))


def caught():
    try:
        yield next(iter([]))
    except StopIteration:
        yield "handled"


def thrown():
    yield 1


def attempt(g, *thrown):
    seen = []
    try:
        seen.append(next(g))
        seen.append(g.throw(*thrown) if thrown else next(g))
    except RuntimeError as error:
        cause = error.__cause__
        seen += [str(error), repr(cause), cause is error.__context__]
        del cause
    except StopIteration:
        seen.append("over")
    return seen


def main():
    return (
        attempt(raised()),
        attempt(by_next()),
        attempt(caught()),
        attempt(thrown(), StopIteration(5)),
    )
