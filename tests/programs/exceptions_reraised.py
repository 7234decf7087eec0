"""Exceptions raised again: bare, by name, from another, stored."""

from __future__ import annotations


def fail():
    raise ValueError("first")


def bare():
    try:
        fail()
    except ValueError:
        raise


def chained():
    try:
        fail()
    except ValueError as error:
        raise KeyError("second") from error


def stored():
    try:
        fail()
    except ValueError as error:
        kept = error
    raise kept


def main():
    seen = []
    for function in (bare, chained, stored):
        try:
            function()
        except (ValueError, KeyError) as error:
            seen.append(type(error).__name__)
    return seen
