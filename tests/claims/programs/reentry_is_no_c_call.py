"""In the model the frame that waits in BINARY_OP is below that of `__add__`."""

from frametools import vm


class X:
    def __add__(self, other):
        return 42


def f(a, b):
    return a + b


begun = [s for s in vm.steps(f, X(), X()) if s.before.code.qualname == "X.__add__"]
assert [frame.code.qualname for frame in begun[0].frames] == ["f", "X.__add__"]
