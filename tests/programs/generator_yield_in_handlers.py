"""yield in try, except, else and finally, with values and errors sent in."""

from __future__ import annotations


def simple():
    first = second = third = None
    try:
        first = yield "try"
        if first == "raise":
            raise ValueError
    except ValueError:
        second = yield "except"
    else:
        second = yield "else"
    finally:
        third = yield "finally"
    return first, second, third


def run(*sent):
    g = simple()
    seen = [next(g)]
    try:
        for value in sent:
            step = g.throw if isinstance(value, Exception) else g.send
            seen.append(step(value))
    except (StopIteration, KeyError) as error:
        seen.append(repr(error))
    return seen


def main():
    return (
        run(1, 2, 3),
        run("raise", 2, 3),
        run(ValueError(), 2, 3),
        run(KeyError("k"), 3),
        run(1, KeyError("k"), 3),
    )
