"""`c = a + b; return c` is LOAD_FAST 0, LOAD_FAST 1, STORE_FAST 2, LOAD_FAST 2."""

import dis


def f(a, b):
    c = a + b
    return c


found = [(i.opname, i.arg) for i in dis.get_instructions(f) if "FAST" in i.opname]
assert found == [
    ("LOAD_FAST", 0),
    ("LOAD_FAST", 1),
    ("STORE_FAST", 2),
    ("LOAD_FAST", 2),
]
