"""An exception raised while another is handled: context, and what comes next."""

from __future__ import annotations

import sys


def handler():
    try:
        raise KeyError("first")
    except KeyError:
        len(3)


def nested():
    try:
        handler()
    except TypeError as error:
        inner = repr(sys.exception()), repr(error.__context__)
        try:
            raise ValueError("third") from None
        except ValueError as other:
            return inner, other.__context__ is error, other.__suppress_context__


def next_handler():
    try:
        try:
            raise KeyError
        except KeyError:
            raise ValueError
        except ValueError:
            return "never: a sibling does not handle it"
    except ValueError:
        return "outer"


def main():
    return nested(), next_handler(), sys.exception()
