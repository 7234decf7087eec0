"""Cells and free variables have slots behind the locals."""

from frametools import vm


def outer():
    local = 1
    x = 1

    def inner():
        mine = x
        return mine

    return inner, local


def kinds(f):
    return [(slot.name, slot.kind) for slot in vm.layout(f).slots]


assert {kind for _, kind in kinds(outer)[:2]} == {"fast local"}
assert kinds(outer)[2:] == [("x", "cell")]
assert kinds(outer()[0]) == [("mine", "fast local"), ("x", "free variable")]
