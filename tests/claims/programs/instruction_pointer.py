"""The instruction pointer advances on straight lines, and jumps in branches."""

from frametools import vm


def abs_like(x):
    if x < 0:
        return -x
    return x


def offsets(x):
    return [step.instruction.offset for step in vm.steps(abs_like, x)]


taken, straight = offsets(1), offsets(-1)
assert straight == sorted(straight)
assert taken == sorted(taken)
assert set(straight) - set(taken)
assert set(taken) - set(straight)
