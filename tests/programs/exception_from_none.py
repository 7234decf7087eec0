"""raise ... from None hides the context; the context is kept all the same."""

from __future__ import annotations

import traceback


def plain():
    try:
        {}["key"]
    except KeyError:
        raise ValueError("plain")


def hidden():
    try:
        {}["key"]
    except KeyError:
        raise ValueError("hidden") from None


def main():
    seen = []
    for function in (plain, hidden):
        try:
            function()
        except ValueError as error:
            lines = traceback.format_exception_only(error)
            parts = traceback.format_exception(error)
            shown = any("KeyError" in part for part in parts)
            seen.append((lines, repr(error.__context__), error.__cause__, shown))
    return seen
