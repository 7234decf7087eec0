"""The example: name, line, locals of the frame, and its caller with the line."""

import inspect


def show_frame_info():
    frame = inspect.currentframe()
    found = [frame.f_code.co_name, frame.f_lineno, sorted(frame.f_locals)]
    caller = frame.f_back
    return [*found, caller.f_code.co_name, caller.f_lineno]


def greet(name):
    greeting = f"Hello, {name}"
    return show_frame_info(), greeting


found, _ = greet("Alice")
assert found == ["show_frame_info", 8, ["frame"], "greet", 15]
