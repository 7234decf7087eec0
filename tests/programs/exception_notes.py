"""add_note: notes stay with the exception and are shown after it."""

from __future__ import annotations

import traceback


def fail():
    try:
        int("x")
    except ValueError as error:
        error.add_note("while reading x")
        raise


def main():
    try:
        fail()
    except ValueError as error:
        error.add_note("in main")
        try:
            error.add_note(3)
        except TypeError:
            wrong = "str only"
        shown = traceback.format_exception_only(error)
        return error.__notes__, shown[1:], wrong
