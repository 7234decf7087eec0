"""What the loop runs is specialised in place; co_code shows it as it was compiled."""

import dis


def f(a, b):
    return a + b


before = f.__code__.co_code
for n in range(1000):
    f(n, n)
assert f.__code__.co_code == before
running = [i.opname for i in dis.get_instructions(f, adaptive=True)]
assert "BINARY_OP_ADD_INT" in running
assert "BINARY_OP" not in running
