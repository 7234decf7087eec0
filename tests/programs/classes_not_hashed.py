"""Instances of a class that cannot be hashed: a metaclass compares, without a hash."""

from __future__ import annotations


class Meta(type):
    def __eq__(cls, other):
        return cls is other


class Odd(metaclass=Meta):
    def __call__(self, *args):
        return len(args)

    def __enter__(self):
        return "within"

    def __exit__(self, *exc_info):
        return None

    def __iter__(self):
        return Numbers()

    def __await__(self):
        yield "waits"

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return name

    def method(self):
        return "method"


class Numbers(metaclass=Meta):
    def __init__(self):
        self.number = 0

    def __iter__(self):
        return self

    def __next__(self):
        self.number += 1
        if self.number > 2:
            raise StopIteration
        return self.number


class Words(list, metaclass=Meta):
    pass


class Wrong(Exception, metaclass=Meta):
    pass


async def waits():
    return await Odd()


def delegates():
    yield from Odd()


def matched(value):
    match value:
        case [*_]:
            return "sequence"
        case {}:
            return "mapping"
        case Odd():
            return "odd"


def main():
    odd, words = Odd(), Words("ab")
    method, append = odd.method, words.append
    append("c")
    found = [odd(), odd(1), odd(*[1, 2]), odd(), method(), odd.name.upper()]
    with odd as within:
        found.append(within)
    found += [*odd, *Numbers(), *delegates()]
    found += [type(odd) is Odd, isinstance(odd, Odd), matched(odd), matched(words)]
    found.append(waits().send(None))
    try:
        raise Wrong
    except Wrong as error:
        found.append(type(error) is Wrong)
    return found
