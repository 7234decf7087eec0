"""f_lasti is the offset of the instruction that comes next."""

import dis


def g():
    yield 1


generator = g()
next(generator)
code = {i.offset: i.opname for i in dis.get_instructions(g)}
assert code[generator.gi_frame.f_lasti] != "YIELD_VALUE"
