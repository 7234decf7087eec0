"""Exceptions in a body, __init_subclass__, __set_name__, __prepare__, a metaclass."""

from __future__ import annotations


class Hook:
    def __init_subclass__(cls):
        raise ValueError("init_subclass")


class Name:
    def __set_name__(self, owner, name):
        raise ValueError("set_name")


class Meta(type):
    def __call__(cls, *args):
        if args:
            raise ValueError("meta call")
        return super().__call__()


class Prepare(type):
    @classmethod
    def __prepare__(mcs, name, bases):
        raise ValueError("prepare")


def subclass():
    class Made(Hook):
        pass


def named():
    class Made:
        attribute = Name()


def called():
    class Made(metaclass=Meta):
        pass

    Made()
    Made(1)


def prepared():
    class Made(metaclass=Prepare):
        pass


def conflict():
    class Made(int, Meta):
        pass


def decorated():
    @print.no_such_attribute
    class Made:
        pass


def main():
    seen = []
    for function in (subclass, named, called, prepared, conflict, decorated):
        try:
            function()
        except (ValueError, RuntimeError, TypeError, AttributeError) as error:
            cause = error.__cause__ or error
            seen.append((function.__name__, repr(cause)))
            del cause
    return seen
