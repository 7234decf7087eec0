"""An exception cuts the value stack to the handler's depth and jumps to it."""

from frametools import vm


def f(x):
    for i in [5]:
        try:
            y = [i, i, i / x]
        except ZeroDivisionError:
            y = 0
    return y


steps = list(vm.steps(f, 0))
raised = next(k for k, s in enumerate(steps) if s.raised)
before, after = steps[raised], steps[raised + 1]
assert after.instruction.opname == "PUSH_EXC_INFO"
assert len(before.before.stack) > len(after.before.stack)
assert "ZeroDivisionError" in after.before.stack[-1]
