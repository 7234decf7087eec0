"""A load pushes the value, YIELD_VALUE takes it off; the sent value comes there."""

from frametools import vm


def gen(a):
    b = yield a
    return b


def program():
    g = gen("param a")
    return next(g), next(g, None)


steps = [s for s in vm.steps(program) if s.before.code.qualname == "gen"]
at = next(k for k, s in enumerate(steps) if s.instruction.opname == "YIELD_VALUE")
assert steps[at].before.stack == ("'param a'",)
assert steps[at + 1].before.stack == ("None",)
