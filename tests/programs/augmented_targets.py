"""Augmented assignments evaluate their target once: of each kind of target."""

from __future__ import annotations

log = []
total = 1


class Holder:
    def __init__(self):
        object.__setattr__(self, "values", {"a": 1})

    def __getattr__(self, name):
        log.append(("get", name))
        return self.values[name]

    def __setattr__(self, name, value):
        log.append(("set", name, value))
        self.values[name] = value


def say(value):
    log.append(value)
    return value


def closed():
    x = [1]

    def inner():
        nonlocal x
        x += [2]
        return x

    return inner(), x


def main():
    global total
    log.clear()
    total += 1
    holder, items = Holder(), [1, 2, 3, 4]
    say(holder).a += say(5)
    say(items)[say(0)] *= say(10)
    items[1:3] += [9]
    pair = ([1], 2)
    try:
        pair[0] += [5]
    except TypeError as error:
        failed = type(error).__name__
    total -= 1
    seen = [entry for entry in log if isinstance(entry, (int, tuple))]
    return items, pair, failed, closed(), total, seen
