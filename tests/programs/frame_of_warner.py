"""Frames that a warning is about, and those on the way to them."""

from __future__ import annotations

import warnings


def here():
    warnings.warn("here", stacklevel=1)
    return 1


def of_caller():
    warnings.warn("of the caller", stacklevel=2)
    return 2


def between():
    return of_caller()


def too_far():
    warnings.warn("of nobody", stacklevel=100)
    return 3


async def coroutine():
    return 4


def unawaited():
    coroutine()
    return 4


def main():
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        for function in here, between, too_far, unawaited:
            function()
    return [str(each.message).partition("\n")[0] for each in caught]
