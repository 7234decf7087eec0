"""yields inside expressions: the frame is suspended with values on its stack."""

from __future__ import annotations


def join(*args, **kwargs):
    return args, kwargs


def expressions():
    a = join((yield 1), [2, (yield 2)], *[(yield 3)], key=(yield 4))
    b = (yield 5) + (yield 6) * (yield 7)
    c = {(yield 8): (yield 9), **{"k": (yield 10)}}  # noqa: PIE800
    d = f"{(yield 11)}-{(yield 12)!r:>5}"
    e = (yield 13) if (yield 14) else (yield 15)
    f = (yield 16) < (yield 17) < (yield 18)
    g = [1, 2, 3, 4][(yield 19) : (yield 20)]
    return a, b, c, d, e, f, g


def main():
    g, value, seen = expressions(), None, []
    try:
        while True:
            seen.append(g.send(value))
            value = seen[-1] % 4
    except StopIteration as stop:
        return seen, stop.value
