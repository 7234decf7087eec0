"""Which operand's method is asked: reflected, of a subclass first, NotImplemented."""

from __future__ import annotations

import operator


class Base:
    def __add__(self, other):
        log.append(f"{type(self).__name__}.add")
        return NotImplemented

    def __radd__(self, other):
        log.append(f"{type(self).__name__}.radd")
        return NotImplemented

    def __lt__(self, other):
        log.append(f"{type(self).__name__}.lt")
        return NotImplemented

    def __gt__(self, other):
        log.append(f"{type(self).__name__}.gt")
        return NotImplemented

    def __eq__(self, other):
        log.append(f"{type(self).__name__}.eq")
        return NotImplemented

    __hash__ = None


class Derived(Base):
    def __radd__(self, other):
        log.append("own radd")
        return super().__radd__(other)


class Other(Base):
    pass


log = []


def attempt(call, a, b):
    log.clear()
    try:
        value = call(a, b)
    except TypeError as error:
        value = str(error)
    return value, list(log)


def main():
    base, derived, other = Base(), Derived(), Other()
    pairs = [(base, base), (base, derived), (derived, base), (base, other), (base, 1)]
    seen = []
    for call in (operator.add, operator.lt, operator.eq):
        seen += [attempt(call, *pair) for pair in pairs]
    seen.append(attempt(lambda a, b: a != b, base, derived))
    return seen
