"""Exceptions in __del__ and in weakref callbacks go to sys.unraisablehook."""

from __future__ import annotations

import sys
import weakref

seen = []


class Failing:
    def __del__(self):
        raise ValueError("in del")


class Thing:
    pass


def callback(reference):
    raise KeyError("in callback")


def hook(unraisable):
    code = unraisable.exc_traceback.tb_frame.f_code
    seen.append((repr(unraisable.exc_value), code.co_name))


def main():
    seen.clear()
    before, sys.unraisablehook = sys.unraisablehook, hook
    try:
        failing = Failing()
        del failing
        seen.append("went on")
        thing = Thing()
        reference = weakref.ref(thing, callback)
        del thing
        try:
            raise TypeError
        except TypeError:
            Failing()
            seen.append(repr(sys.exception()))
    finally:
        sys.unraisablehook = before
    return list(seen), reference()
