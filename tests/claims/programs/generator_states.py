"""A generator is created, suspended, running, suspended, and closed at last."""

from inspect import getgeneratorstate


def gen():
    seen.append(getgeneratorstate(g))
    yield
    seen.append(getgeneratorstate(g))


seen = []
g = gen()
seen.append(getgeneratorstate(g))
next(g)
seen.append(getgeneratorstate(g))
next(g, None)
seen.append(getgeneratorstate(g))
assert [state.removeprefix("GEN_") for state in seen] == [
    "CREATED",
    "RUNNING",
    "SUSPENDED",
    "RUNNING",
    "CLOSED",
]
