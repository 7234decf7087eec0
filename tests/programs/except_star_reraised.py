"""except* whose handlers raise: again, others, and the rest beside them."""

from __future__ import annotations


def shape(error):
    if not isinstance(error, BaseExceptionGroup):
        return repr(error)
    return error.message, [shape(e) for e in error.exceptions]


def again(group):
    try:
        raise group
    except* ValueError:
        raise


def other(group):
    try:
        raise group
    except* ValueError:
        raise TypeError("new")
    except* KeyError as matched:
        raise RuntimeError("from") from matched


def stored(group):
    try:
        raise group
    except* ValueError as matched:
        raise matched


def main():
    seen = []
    for function in (again, other, stored):
        group = ExceptionGroup("g", [ValueError(1), KeyError(2), OSError(3)])
        try:
            function(group)
        except ExceptionGroup as error:
            context = error.exceptions[0].__context__
            seen.append((function.__name__, shape(error), type(context).__name__))
            del context
    return seen
