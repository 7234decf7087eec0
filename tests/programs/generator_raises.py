"""A generator that an exception leaves."""

from __future__ import annotations


def failing(n):
    for i in range(n):  # noqa: UP028
        yield i
    raise ValueError("end")


def main():
    seen = []
    try:
        for value in failing(3):
            seen.append(value)
    except ValueError as error:
        seen.append(str(error))
    return seen
