"""A generator's code begins with RETURN_GENERATOR, POP_TOP, RESUME."""

import dis


def g2(a):
    yield a


found = [i.opname for i in dis.get_instructions(g2)]
assert found[:3] == ["RETURN_GENERATOR", "POP_TOP", "RESUME"]
