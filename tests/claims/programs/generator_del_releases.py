"""Deleting a suspended generator releases what its frame held."""

import weakref


class Big:
    pass


def gen():
    data = Big()
    refs.append(weakref.ref(data))
    yield 1


refs = []
g = gen()
next(g)
assert refs[0]() is not None
del g
assert refs[0]() is None
