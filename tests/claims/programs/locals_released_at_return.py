"""When a function returns, its locals are released at once."""

import weakref


class Big:
    pass


def f():
    x = Big()
    refs.append(weakref.ref(x))
    return 1


refs = []
assert f() == 1
assert refs[0]() is None
