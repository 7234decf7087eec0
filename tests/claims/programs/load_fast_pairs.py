"""Two loads are one instruction with both slots in its argument, four bits each."""

import dis


def f(a, b):
    c = a + b
    return c


first = next(i for i in dis.get_instructions(f) if "FAST" in i.opname)
assert first.opname in ("LOAD_FAST_LOAD_FAST", "LOAD_FAST_BORROW_LOAD_FAST_BORROW")
assert (first.arg >> 4, first.arg & 15) == (0, 1)
