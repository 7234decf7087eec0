"""traceback.format_exc and extract_tb in handlers: functions, lines, messages."""

from __future__ import annotations

import traceback


def fail():
    raise ValueError("bottom")


def wrap():
    try:
        fail()
    except ValueError as error:
        raise KeyError("top") from error


def main():
    try:
        wrap()
    except KeyError as error:
        lines = traceback.format_exc().splitlines()
        entries = traceback.extract_tb(error.__traceback__)
    titles = [line for line in lines if line and line[0] != " "]
    return titles, [(entry.name, entry.line) for entry in entries]
