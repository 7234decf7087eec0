"""A new frame: arguments in the first slots, stack empty, at the first instruction."""

from frametools import vm


def square(x):
    y = x * x
    return y


step = next(iter(vm.steps(square, 9)))
assert step.instruction.offset == 0
assert step.before.localsplus[:2] == ("9", None)
assert step.before.stack == ()
