"""Displays of dicts and sets: order of evaluation, merges, duplicates, unhashables."""

from __future__ import annotations

log = []


def say(value):
    log.append(value)
    return value


def large():
    merged = {0: "a", 1: "b", **{2: "c"}}  # noqa: PIE800
    return merged, {1, 2, 3, *[3, 4]}, {"x", "y", "z"} >= {"x"}


def attempt(call):
    try:
        return call()
    except TypeError as error:
        return str(error).split(" (")[0]


def main():
    log.clear()
    last = {"m": 2}
    mapping = {say("k"): say("v"), **say({"m": 1}), say("k"): say("w"), **last}
    union = {"a": 1} | {"b": 2}
    union |= {"a": 3}
    return (
        mapping,
        sorted({say(1), *say([2, 3]), say(1)}),
        union,
        large()[0],
        sorted(large()[1]),
        attempt(lambda: {[]: 1}),
        attempt(lambda: {**3}),
        attempt(lambda: {*3}),
        {k: v for k, v in zip("ab", "cd", strict=True)},  # noqa: C416
        list(log),
    )
