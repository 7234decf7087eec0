"""`len(xs)` is LOAD_GLOBAL, a load of xs, CALL 1 and RETURN_VALUE."""

import dis


def f(xs):
    return len(xs)


wanted = ("LOAD_GLOBAL", "LOAD_FAST", "CALL", "RETURN_VALUE")
found = [
    (i.opname.replace("_BORROW", ""), i.argval)
    for i in dis.get_instructions(f)
    if i.opname.replace("_BORROW", "") in wanted
]
assert [name for name, _ in found] == list(wanted)
assert [value for _, value in found[:3]] == ["len", "xs", 1]
