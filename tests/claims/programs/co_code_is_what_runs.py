"""What the loop runs is what co_code has, also after many calls."""

import dis


def f(a, b):
    return a + b


for n in range(1000):
    f(n, n)
assert "BINARY_OP" in {i.opname for i in dis.get_instructions(f)}
assert "BINARY_OP" in {i.opname for i in dis.get_instructions(f, adaptive=True)}
