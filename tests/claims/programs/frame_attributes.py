"""A frame has f_code, f_locals, f_globals, f_builtins, f_back, f_lineno, f_trace."""

import inspect


def f():
    frame = inspect.currentframe()
    assert frame.f_code.co_name == "f"
    assert frame.f_locals["frame"] is frame
    assert frame.f_globals is globals()
    assert frame.f_builtins["len"] is len
    assert frame.f_back.f_code.co_name == "<module>"
    assert frame.f_lineno == 13
    assert frame.f_trace is None
    del frame


f()
