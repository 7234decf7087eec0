"""Names of a generator, which follow the function when it is called."""

from __future__ import annotations


def numbers():
    yield 1


class C:
    def method(self):
        yield 1


def main():
    g = numbers()
    before = g.__name__, g.__qualname__, g.gi_code is numbers.__code__
    numbers.__name__ = "renamed"
    h = numbers()
    numbers.__name__ = "numbers"
    g.__name__ = "mine"
    expression = (x for x in "a")
    method = C().method()
    return (
        before,
        (g.__name__, h.__name__, h.__qualname__),
        (expression.__name__, expression.__qualname__),
        (method.__qualname__, method.gi_frame.f_code.co_qualname),
    )
