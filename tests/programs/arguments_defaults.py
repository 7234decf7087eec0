"""Default arguments: shared, replaced, deleted, and keyword-only ones."""

from __future__ import annotations


def append(x, items=[]):
    items.append(x)
    return list(items)


def positional_only(a, b=2, /, c=3, *, d=4):
    return a, b, c, d


def main():
    append.__defaults__[0].clear()
    seen = [append(1), append(2), append(3, [])]
    function = lambda a=1, *, b=2: (a, b)  # noqa: E731
    seen.append(function())
    function.__defaults__ = (10,)
    function.__kwdefaults__["b"] = 20
    seen.append(function())
    function.__defaults__ = None
    try:
        function()
    except TypeError as error:
        seen.append(str(error))
    seen += [positional_only(1), positional_only(1, 5, d=6)]
    return seen
