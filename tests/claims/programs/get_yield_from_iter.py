"""`yield from` makes its operand an iterator by GET_YIELD_FROM_ITER."""

import dis


def g(x):
    yield from x


assert "GET_YIELD_FROM_ITER" in {i.opname for i in dis.get_instructions(g)}
