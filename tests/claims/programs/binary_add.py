"""An addition is BINARY_ADD, in place INPLACE_MULTIPLY; operands at 0, 2, 4, 6."""

import dis


def add_and_multiply(a, b):
    result = a + b
    result *= 2
    return result


found = [i.opname for i in dis.get_instructions(add_and_multiply)]
assert "BINARY_ADD" in found
assert "INPLACE_MULTIPLY" in found
