"""The locals of `c` are its variable `frame`; those of its caller {'x': 42}."""

import inspect


def c():
    frame = inspect.currentframe()
    own, of_caller = dict(frame.f_locals), dict(frame.f_back.f_locals)
    return own == {"frame": frame}, of_caller


def b():
    x = 42
    return c(), x


assert b() == ((True, {"x": 42}), 42)
