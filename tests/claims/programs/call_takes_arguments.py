"""A call takes function and arguments off the stack, and leaves the result."""

from frametools import vm


def f(b):
    return [str(b)]


steps = list(vm.steps(f, 3))
at = next(k for k, s in enumerate(steps) if s.instruction.opname == "CALL")
assert "3" in steps[at].before.stack
assert steps[at + 1].before.stack == ("'3'",)
