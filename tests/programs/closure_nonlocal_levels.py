"""nonlocal through several levels, past functions that do not name the variable."""

from __future__ import annotations


def outer():
    x, y = 0, "y"

    def middle():
        y = "own"

        def inner():
            nonlocal x
            x += 1

            def innermost():
                nonlocal x, y
                x, y = x * 10, y + "!"

            innermost()
            return y

        return inner() + y

    return middle(), x, y, middle.__code__.co_freevars


def main():
    return outer()
