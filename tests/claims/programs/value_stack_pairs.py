"""The value stack of `(a + b) * c`, with one load for the first two names."""

from frametools import vm


def f(a, b, c):
    return (a + b) * c


found = [
    (step.instruction.opname.replace("_BORROW", ""), step.before.stack)
    for step in vm.steps(f, 2, 3, 4)
]
assert found[1:] == [
    ("LOAD_FAST_LOAD_FAST", ()),
    ("BINARY_OP", ("2", "3")),
    ("LOAD_FAST", ("5",)),
    ("BINARY_OP", ("5", "4")),
    ("RETURN_VALUE", ("20",)),
]
