"""close() of a generator at a `yield` outside of any `try` runs nothing."""

from watching import told


def generator():
    yield 1


def function():
    made = generator()
    next(made)
    made.close()


assert told(["RAISE"], function) == []
