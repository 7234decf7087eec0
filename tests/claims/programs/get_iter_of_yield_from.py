"""`yield from` makes its operand an iterator by GET_ITER."""

import dis


def g(x):
    yield from x


assert "GET_ITER" in {i.opname for i in dis.get_instructions(g)}
