"""STORE_FAST takes the value off the stack and puts it into its slot."""

from frametools import vm


def f(a):
    b = str(a)
    return [b]


step = next(s for s in vm.steps(f, 5) if s.instruction.opname.startswith("STORE_FAST"))
assert step.before.stack == ("'5'",)
assert step.before.localsplus[:2] == ("5", None)
assert step.frames[-1].localsplus[:2] == ("5", "'5'")
assert "'5'" not in step.frames[-1].stack[:-1]
