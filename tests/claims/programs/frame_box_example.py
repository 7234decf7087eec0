"""The example: locals with the frame itself, the code's name, the caller's name."""

import inspect


def simple_function(x, y):
    z = x + y
    frame = inspect.currentframe()
    found = (
        sorted(frame.f_locals),
        [frame.f_locals[name] for name in "xyz"],
        frame.f_locals["frame"] is frame,
        frame.f_code.co_name,
        frame.f_back.f_code.co_name,
    )
    del frame
    return found, z


def caller():
    return simple_function(5, 3)


found, _ = caller()
names = ["frame", "x", "y", "z"]
assert found == (names, [5, 3, 8], True, "simple_function", "caller")
