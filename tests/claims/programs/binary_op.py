"""An addition is BINARY_OP +, in place BINARY_OP *=, with caches; RESUME is first."""

import dis


def add_and_multiply(a, b):
    result = a + b
    result *= 2
    return result


found = list(dis.get_instructions(add_and_multiply))
operators = [i.argrepr for i in found if i.opname == "BINARY_OP"]
assert operators == ["+", "*="]
assert found[0].opname == "RESUME"
offset = next(i.offset for i in found if i.opname == "BINARY_OP")
assert offset + 2 not in {i.offset for i in found}
