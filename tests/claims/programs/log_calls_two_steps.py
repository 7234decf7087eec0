"""The wrapper has a frame, too: by the depth of the stack a level is two steps."""

import functools
import inspect


def log_calls(func):
    @functools.wraps(func)
    def wrapper(*args):
        indents.append(len(inspect.stack()) - 2)
        return func(*args)

    return wrapper


@log_calls
def factorial(n):
    return 1 if n <= 1 else n * factorial(n - 1)


indents = []
factorial(4)
assert indents == [0, 2, 4, 6]
