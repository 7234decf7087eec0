"""What was on a generator's value stack at the yield is there when it resumes."""

from frametools import vm


def gen():
    yield [1000, (yield 2000)]


def program():
    g = gen()
    return next(g), g.send(3000)


steps = vm.steps(program)
after = [s.before.stack for s in steps if s.before.code.qualname == "gen"]
assert steps.result == (2000, [1000, 3000])
assert ("1000", "3000") in [stack[:2] for stack in after]
