"""Causes, contexts, notes and an exception group."""


def first():
    raise KeyError("first")


def second():
    try:
        first()
    except KeyError:
        raise ValueError("second")


def third():
    try:
        second()
    except ValueError as error:
        error.add_note("a note")
        raise RuntimeError("third") from error


try:
    third()
except RuntimeError as error:
    raise ExceptionGroup("group", [error, OSError(2, "no")]) from None
