"""The first instruction of g2, at offset 0, is the load of `a`; the yield is at 2."""

import dis


def g2(a):
    yield a


code = {i.offset: i.opname for i in dis.get_instructions(g2)}
assert code[0].startswith("LOAD_FAST")
assert code[2] == "YIELD_VALUE"
