"""with statements on what is no context manager, or only half of one."""

from __future__ import annotations


class OnlyEnter:
    def __enter__(self):
        raise AssertionError("is not reached")


class OnlyExit:
    def __exit__(self, *error):
        raise AssertionError("is not reached")


class OnInstance:
    def __init__(self):
        self.__enter__ = self.__exit__ = lambda *args: None


def attempt(manager):
    try:
        with manager:
            return "entered"
    except (TypeError, AttributeError) as error:
        return type(error).__name__


def main():
    return [attempt(m) for m in (3, OnlyEnter(), OnlyExit(), OnInstance())]
