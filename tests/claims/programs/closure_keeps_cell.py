"""A closure keeps the variables it uses in cells, not the frame nor other locals."""

import gc
import types
import weakref


class Big:
    pass


def outer():
    x, other = Big(), Big()

    def inner():
        return x

    refs.extend([weakref.ref(x), weakref.ref(other)])
    return inner


refs = []
fn = outer()
assert refs[0]() is fn() is fn.__closure__[0].cell_contents
assert refs[1]() is None
assert type(fn.__closure__[0]) is types.CellType
reached = gc.get_referents(fn, *fn.__closure__)
assert not any(type(o) is types.FrameType for o in reached)
