"""Generators that never start: closed, dropped, thrown into."""

from __future__ import annotations


def never():
    yield 1


def main():
    never()
    never().close()
    try:
        never().throw(ValueError("early"))
    except ValueError:
        return "thrown"
