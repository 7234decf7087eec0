"""contextlib.contextmanager on generators that yield never, twice, or swallow."""

from __future__ import annotations

import contextlib


@contextlib.contextmanager
def never():
    return
    yield


@contextlib.contextmanager
def twice():
    yield 1
    yield 2


@contextlib.contextmanager
def swallowing():
    try:
        yield
    except ValueError:
        pass


@contextlib.contextmanager
def replacing():
    try:
        yield
    except ValueError as error:
        raise KeyError("replaced") from error


def attempt(manager, error=None):
    try:
        with manager:
            if error:
                raise error
    except Exception as raised:
        return repr(raised)
    return "left"


def main():
    return (
        attempt(never()),
        attempt(twice()),
        attempt(swallowing(), ValueError()),
        attempt(swallowing(), TypeError()),
        attempt(swallowing(), StopIteration("s")),
        attempt(replacing(), ValueError()),
    )
