"""else of while and for: without break, with it, with continue, nested, empty."""

from __future__ import annotations


def search(items, wanted):
    for i, item in enumerate(items):
        if item is None:
            continue
        if item == wanted:
            break
    else:
        return "not found"
    return i


def countdown(n, stop):
    seen = []
    while n:
        n -= 1
        if n == stop:
            break
        seen.append(n)
    else:
        seen.append("else")
    return seen


def primes(n):
    found = []
    for candidate in range(2, n):
        for p in found:
            if candidate % p == 0:
                break
        else:
            found.append(candidate)
    return found


def until(values):
    it, seen = iter(values), []
    while (value := next(it, None)) is not None:
        if value < 0:
            continue
        seen.append(value)
    while True:
        seen.append("forever")
        if len(seen) > 3:
            return seen


def backwards(values):
    seen = []
    while seen is not None and values:
        value = values.pop()
        if value is None:
            continue
        if value:
            continue
        seen.append(value)
    return seen


def main():
    items = [None, 1, 2]
    return (
        [search(items, w) for w in (1, 2, 3)],
        search([], 1),
        countdown(3, -1),
        countdown(3, 1),
        primes(20),
        until([1, -1, 2]),
        backwards([0, None, 1, 0]),
    )
