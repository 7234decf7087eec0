"""f_lasti is the offset of the instruction that runs, or that suspended the frame."""

import dis


def g():
    yield 1


generator = g()
next(generator)
code = {i.offset: i.opname for i in dis.get_instructions(g, adaptive=True)}
assert code[generator.gi_frame.f_lasti].endswith("YIELD_VALUE")
