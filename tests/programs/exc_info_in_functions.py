"""A bare raise in a function that is called from a handler."""

from __future__ import annotations

import sys
import traceback


def again():
    raise


def shown():
    return traceback.format_exc(chain=False).splitlines()[-1]


def fail(kind):
    raise kind("failed")


def main():
    seen = [shown()]
    for kind in (KeyError, ValueError):
        try:
            try:
                fail(kind)
            except LookupError:
                seen.append(shown())
                again()
            except ValueError:
                try:
                    fail(TypeError)
                except TypeError:
                    seen.append(shown())
                again()
        except Exception as error:
            seen.append((repr(error), error is sys.exception()))
    return seen
