"""A code object holds no values of locals, and outlives its calls."""

import gc
import weakref


class Big:
    pass


def f():
    big = Big()
    return weakref.ref(big)


assert f()() is None
assert not any(isinstance(o, Big) for o in gc.get_referents(f.__code__))
assert f()() is None
