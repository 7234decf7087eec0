"""The example is compiled to BINARY_ADD, CALL_FUNCTION, YIELD_FROM."""

import dis


def g2(a, b=1, c=2):
    c = str(b + c)
    yield c
    yield from range(3)


found = {i.opname for i in dis.get_instructions(g2)}
assert found >= {"BINARY_ADD", "CALL_FUNCTION", "YIELD_FROM"}
