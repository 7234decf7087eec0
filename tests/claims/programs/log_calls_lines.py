"""The decorator's lines, without their indentation, are as the task wants them."""

import functools


def log_calls(func):
    @functools.wraps(func)
    def wrapper(*args):
        text = f"{func.__name__}({', '.join(map(repr, args))})"
        lines.append(f"-> {text}")
        result = func(*args)
        lines.append(f"<- {text} = {result!r}")
        return result

    return wrapper


@log_calls
def factorial(n):
    if n <= 1:
        return 1
    return n * factorial(n - 1)


lines = []
factorial(3)
assert lines == [
    "-> factorial(3)",
    "-> factorial(2)",
    "-> factorial(1)",
    "<- factorial(1) = 1",
    "<- factorial(2) = 2",
    "<- factorial(3) = 6",
]
