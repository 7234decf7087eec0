"""It runs nothing even if PY_UNWIND is watched."""

from watching import told


def generator():
    yield 1


def function():
    made = generator()
    next(made)
    made.close()


assert told(["PY_UNWIND"], function) == []
