"""Closing a generator runs its `finally` and releases what its frame held."""

import weakref


class Big:
    pass


def gen():
    data = Big()
    refs.append(weakref.ref(data))
    try:
        yield 1
    finally:
        refs.append("finally")


refs = []
g = gen()
next(g)
g.close()
assert refs[0]() is None
assert refs[1] == "finally"
assert g.gi_frame is None
