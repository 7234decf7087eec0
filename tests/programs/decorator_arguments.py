"""Decorators: with arguments, classes as decorators, order, and any expression."""

from __future__ import annotations

import functools

log = []


def tagged(*tags, **options):
    log.append(("called", tags))

    def decorate(function):
        log.append(("applied", tags))

        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            return tags, function(*args, **kwargs), options

        return wrapper

    return decorate


class Counted:
    def __init__(self, function):
        self.function = function
        self.count = 0

    def __call__(self, *args):
        self.count += 1
        return self.function(*args)

    def __get__(self, instance, owner):
        return functools.partial(self, instance)


decorators = {"twice": lambda f: lambda x: f(f(x))}


def main():
    log.clear()

    @tagged("outer")
    @tagged("inner", key=1)
    def add(x, y=2):
        """Add."""
        return x + y

    @decorators["twice"]
    @lambda f: lambda x: f(x) + 1
    def double(x):
        return x * 2

    class C:
        @Counted
        def method(self, x):
            return x

        @staticmethod
        @functools.lru_cache
        def cached(x):
            log.append("cached")
            return x

    calls = C().method(1), C().method(2), C.cached(3), C.cached(3)
    return add(1), add.__doc__, double(5), calls, C.__dict__["method"].count, list(log)
