"""What is on the value stack is a reference: a callee gets the same object."""

from frametools import vm


def f(a):
    return [a, a]


given = object()
first, second = f(given)
assert first is second is given
assert vm.call(f, given)[0] is given
