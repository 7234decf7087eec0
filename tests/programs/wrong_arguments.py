"""Calls that fail before the callee has a frame."""

from __future__ import annotations


def two(a, b):
    return a, b


def attempt(*args, **kwargs):
    try:
        return two(*args, **kwargs)
    except TypeError:
        return None


def main():
    return attempt(), attempt(1, 2), attempt(1, 2, 3), attempt(1, c=2)
