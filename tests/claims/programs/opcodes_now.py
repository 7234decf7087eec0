"""The example is compiled to BINARY_OP, CALL, and a loop of SEND and YIELD_VALUE."""

import dis


def g2(a, b=1, c=2):
    c = str(b + c)
    yield c
    yield from range(3)


found = [i.opname for i in dis.get_instructions(g2)]
assert {"BINARY_OP", "CALL", "SEND"} <= set(found)
assert found.index("YIELD_VALUE", found.index("SEND")) > 0
