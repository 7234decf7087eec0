"""Calling a generator function runs nothing of it; next() runs to the first yield."""

import inspect

ran = []


def gen():
    ran.append(1)
    x = 1
    yield x
    ran.append(2)
    x = 2
    yield x


g = gen()
assert ran == []
assert inspect.getgeneratorstate(g) == "GEN_CREATED"
assert next(g) == 1
assert ran == [1]
assert g.gi_frame.f_locals == {"x": 1}
assert inspect.getgeneratorstate(g) == "GEN_SUSPENDED"
assert next(g) == 2
assert ran == [1, 2]
