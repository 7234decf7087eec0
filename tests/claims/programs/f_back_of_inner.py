"""f_back of the inner function's frame is the outer one's; then comes the module's."""

import inspect


def outer():
    return inner()


def inner():
    frame = inspect.currentframe()
    names = []
    while frame is not None:
        names.append(frame.f_code.co_name)
        frame = frame.f_back
    return names


assert inner() == ["inner", "<module>"]
assert outer() == ["inner", "outer", "<module>"]
