"""except* takes a group apart."""

from __future__ import annotations


def fail():
    raise ExceptionGroup(
        "all", [ValueError(1), KeyError(2), ExceptionGroup("in", [ValueError(3)])]
    )


def main():
    seen = []
    try:
        fail()
    except* ValueError as group:
        seen.append(len(group.exceptions))
    except* KeyError as group:
        seen.append(group.exceptions[0].args)
    return seen
