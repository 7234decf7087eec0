"""LOAD_GLOBAL stays LOAD_GLOBAL: a lookup in a dict, each time."""

import dis

x = 1


def f():
    return x


for _ in range(1000):
    f()
assert "LOAD_GLOBAL" in {i.opname for i in dis.get_instructions(f, adaptive=True)}
