"""PY_THROW is at the RESUME behind the `yield`."""

from watching import offsets, told


def generator():
    yield 1


def function():
    made = generator()
    next(made)
    made.throw(ValueError)


[(_, _, where, _)] = told(["PY_THROW"], function)
assert where in offsets(generator, "RESUME")
