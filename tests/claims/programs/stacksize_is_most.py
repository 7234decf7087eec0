"""co_stacksize is the most that the value stack holds."""

from frametools import vm


def f(a, b, c, d):
    return [a, b, c, d]


deepest = max(len(s.before.stack) for s in vm.steps(f, 1, 2, 3, 4))
assert deepest == f.__code__.co_stacksize == 4
