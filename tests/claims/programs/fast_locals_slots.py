"""Parameters, then other locals, have the slots 0, 1, 2; names are resolved to them."""

import dis


def f(a, b):
    c = a + b
    return c


assert f.__code__.co_varnames == ("a", "b", "c")
assert f.__code__.co_nlocals == 3
stored = [i for i in dis.get_instructions(f) if i.opname == "STORE_FAST"]
joined = [i for i in dis.get_instructions(f) if i.opname.startswith("STORE_FAST_")]
assert len(stored) + len(joined) == 1
if stored:
    assert (stored[0].arg, stored[0].argval) == (2, "c")
