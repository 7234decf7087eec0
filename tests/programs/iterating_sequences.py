"""Loops and delegations over sequences: what is on the stack, and who it is."""

from __future__ import annotations


class Numbers(list):
    """A subclass of it."""


class Reversed(list):
    """One that iterates otherwise."""

    def __iter__(self):
        return reversed([*self[:]])


SEQUENCES = [1, 2], (1, 2), "ab", b"ab", Numbers([1, 2]), Reversed([1, 2]), range(2)


def delegates(iterable):
    return (yield from iterable)


def is_itself(iterable):
    """Say if the iterable is what a generator delegates to, not its iterator."""
    generator = delegates(iterable)
    items = [next(generator)]
    found = generator.gi_yieldfrom is iterable
    return items + list(generator), found


def error_of(method, iterable, value):
    """Send to what cannot be sent to, or throw."""
    generator = delegates(iterable)
    next(generator)
    try:
        getattr(generator, method)(value)
    except Exception as error:
        return str(error), error.__context__
    return None


def grows(numbers):
    """Append to a list in a loop over it."""
    seen = []
    for number in numbers:
        seen.append(number)
        if number < 4:
            numbers.append(number + 1)
    return seen


def shrinks(numbers):
    """Clear a list in a loop over it, and in a delegation."""
    seen = []
    for number in numbers:
        seen.append(number)
        numbers.clear()
    generator = delegates(numbers)
    numbers += [1, 2, 3]
    seen.append(next(generator))
    numbers.clear()
    return seen + list(generator)


def nested(rows):
    return [
        (cell, letter) for row in rows for cell in row for letter in "xy" if cell != 2
    ]


def main():
    seen = [is_itself(sequence) for sequence in SEQUENCES]
    seen += [error_of("send", sequence, 1) for sequence in SEQUENCES]
    seen += [error_of("throw", each, ValueError("thrown")) for each in SEQUENCES]
    seen += grows([1, 2]), shrinks([1, 2, 3])
    seen += nested([(1, 2), [3], ()])
    seen.append(sum(each for each in (1, 2)))
    for first in (seen, "unused"):
        break
    a, *b = seen
    return len(first), a, b
