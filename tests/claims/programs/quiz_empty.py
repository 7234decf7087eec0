"""The locals of `c`, which has only its frame, are {}."""

import inspect


def c():
    frame = inspect.currentframe()
    return dict(frame.f_locals)


assert c() == {}
