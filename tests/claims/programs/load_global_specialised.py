"""LOAD_GLOBAL becomes LOAD_GLOBAL_MODULE, which finds the value by an index."""

import dis

x = 1


def f():
    return x


for _ in range(1000):
    f()
running = {i.opname for i in dis.get_instructions(f, adaptive=True)}
assert "LOAD_GLOBAL_MODULE" in running
