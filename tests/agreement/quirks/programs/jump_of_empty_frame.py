"""A jump from a `yield` is refused if the generator has no variables."""

import sys

said = []


def generator():
    yield 1
    yield 2


def trace(frame, event, arg):
    if event == "return" and arg == 1 and frame.f_code is generator.__code__:
        try:
            frame.f_lineno = generator.__code__.co_firstlineno + 2
        except ValueError as error:
            said.append(str(error))
    return trace


made = generator()
sys.settrace(trace)
next(made)
sys.settrace(None)
assert said == ["can only jump from a 'line' trace event"], said
