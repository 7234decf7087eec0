"""A parameter that an inner function uses keeps its slot, which becomes the cell."""

from frametools import vm


def outer(parameter):
    def inner():
        return parameter

    return inner


slots = [(s.position, s.name, s.kind) for s in vm.layout(outer).slots]
assert slots == [
    (0, "parameter", "fast local, becomes a cell"),
    (1, "inner", "fast local"),
]
