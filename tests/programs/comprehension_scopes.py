"""A comprehension's variable is its own: the function's of that name stays."""

from __future__ import annotations


def shadowing():
    x = "outer"
    squares = [x * x for x in range(4)]
    return x, squares


def unbound():
    values = [y for y in range(2)]  # noqa: C416
    try:
        return y  # noqa: F821
    except NameError as error:
        return values, type(error).__name__


def captured():
    x = "outer"
    functions = [lambda: x for x in range(2)]
    return [f() for f in functions], (lambda: x)()


def raised():
    x = "kept"
    try:
        [1 // x for x in (1, 0)]
    except ZeroDivisionError:
        return x


def nested():
    x = 3
    return [[x for x in range(x)] for x in range(x)], x  # noqa: C416


def walrus():
    big = [last := n for n in range(5) if n > 2]
    return big, last


def main():
    return shadowing(), unbound(), captured(), raised(), nested(), walrus()
