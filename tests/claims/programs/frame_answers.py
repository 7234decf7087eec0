"""A frame tells code, instruction, locals, globals, builtins, tracing, caller."""

import builtins
import sys


def f(x):
    frame = sys._getframe()
    answers = (
        frame.f_code is f.__code__,
        frame.f_lasti >= 0,
        frame.f_locals["x"] is x,
        frame.f_globals is globals(),
        frame.f_builtins is vars(builtins),
        frame.f_trace is None,
        frame.f_back.f_code.co_name == "<module>",
    )
    del frame
    return answers


assert all(f(object()))
