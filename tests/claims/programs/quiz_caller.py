"""The locals of the caller, {'x': 42}, are in f_back.f_locals."""

import inspect


def c():
    return dict(inspect.currentframe().f_back.f_locals)


def b():
    x = 42
    return c(), x


assert b() == ({"x": 42}, 42)
