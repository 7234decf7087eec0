"""localsplus: a, b, c, then the value stack, of sizes that the compiler knows."""

from frametools import vm


def f(a, b):
    c = a + b
    return c


layout = vm.layout(f)
assert [(s.position, s.name) for s in layout.slots] == [(0, "a"), (1, "b"), (2, "c")]
assert layout.stack == range(3, 3 + f.__code__.co_stacksize)
assert layout.framesize == layout.header + 3 + f.__code__.co_stacksize
