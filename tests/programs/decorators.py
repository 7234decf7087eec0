"""Decorated functions and classes."""

from __future__ import annotations

import functools

calls = []


def logged(function):
    @functools.wraps(function)
    def wrapper(*args):
        calls.append(function.__name__)
        return function(*args)

    return wrapper


def times(n):
    def decorate(function):
        def repeated(*args):
            return [function(*args) for _ in range(n)]

        return repeated

    return decorate


def marked(cls):
    cls.marked = True
    return cls


def main():
    calls.clear()

    @logged
    def one(x):
        return x

    @times(3)
    @logged
    def three(x):
        return -x

    @marked
    class C:
        @logged
        def method(self):
            return 7

    return one(1), three(2), C().method(), C.marked, list(calls)
