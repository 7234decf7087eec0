"""A generator's frame is owned by it, and that of a function by the thread."""

from frametools import vm


def gen():
    yield 1


def program():
    return list(gen())


owners = set()
for step in vm.steps(program):
    for frame in step.frames:
        if step.instruction.opname == "YIELD_VALUE":
            owners.add((frame.code.qualname, frame.owner))
assert owners == {("program", "THREAD"), ("gen", "GENERATOR")}
