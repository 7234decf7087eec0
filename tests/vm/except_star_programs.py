"""Programs with `except*`."""

import sys

from raise_programs import Boom, simple


def star_all():
    try:
        raise ExceptionGroup("g", [ValueError(1), KeyError(2)])
    except* ValueError as group:
        first = repr(group)
    except* KeyError as group:
        second = repr(group)
    return first, second, repr(sys.exception())


def star_rest():
    try:
        raise ExceptionGroup("g", [ValueError(1), KeyError(2), OSError(3)])
    except* ValueError:
        pass


def star_naked():
    try:
        simple()
    except* ValueError as group:
        return_value = repr(group), repr(sys.exception())
    return return_value


def star_naked_reraised():
    try:
        simple()
    except* ValueError as group:
        raise


def star_raises():
    try:
        raise ExceptionGroup("g", [ValueError(1), KeyError(2)])
    except* ValueError:
        raise Boom("new")
    except* KeyError:
        raise


def star_nested():
    try:
        raise ExceptionGroup(
            "outer",
            [ValueError(1), ExceptionGroup("inner", [ValueError(2), TypeError(3)])],
        )
    except* ValueError:
        raise
    except* TypeError as group:
        raise Boom("type") from group


def star_no_match():
    try:
        raise ExceptionGroup("g", [ValueError(1)])
    except* KeyError:
        pass


def star_naked_no_match():
    try:
        simple()
    except* KeyError:
        pass


def star_group_type():
    try:
        simple()
    except* ExceptionGroup:
        pass
