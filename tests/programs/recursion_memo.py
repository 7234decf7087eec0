"""A recursive function with a memo: a dict as default, in a closure, by a class."""

from __future__ import annotations


def fib(n, memo={}):
    if n not in memo:
        memo[n] = n if n < 2 else fib(n - 1) + fib(n - 2)
    return memo[n]


def memoized(function):
    memo = {}

    def wrapper(n):
        try:
            return memo[n]
        except KeyError:
            memo[n] = value = function(n)
            return value

    return wrapper


class Fib(dict):
    def __missing__(self, n):
        self[n] = value = n if n < 2 else self[n - 1] + self[n - 2]
        return value


def main():
    fib.__defaults__[0].clear()

    @memoized
    def again(n):
        return n if n < 2 else again(n - 1) + again(n - 2)

    return fib(30), again(30), Fib()[30], len(fib.__defaults__[0])
