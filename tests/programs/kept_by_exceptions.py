"""Frames that are alive when the program has ended: exceptions have them."""

from __future__ import annotations

kept = {}


def fails(depth):
    local = [depth]
    if depth:
        return fails(depth - 1)
    raise ValueError(local)


def caught(function, *args):
    try:
        function(*args)
    except Exception as error:
        return error


def handles_badly():
    try:
        fails(1)
    except ValueError:
        raise TypeError("in the handler")


def chains():
    try:
        fails(0)
    except ValueError as error:
        raise RuntimeError("from") from error


def groups():
    raise ExceptionGroup("all", [caught(fails, 0), caught(fails, 1)])


def reraises():
    try:
        fails(0)
    finally:
        kept["in finally"] = True


def yields_and_fails():
    yield 1
    raise KeyError


def swallows(generator):
    next(generator)
    try:
        generator.throw(OSError("thrown"))
    except OSError as error:
        return error


class Own(Exception):
    def __init__(self):
        super().__init__()
        self.me = self


def raises_own():
    raise Own


def main():
    kept.clear()
    kept["plain"] = caught(fails, 2)
    kept["context"] = caught(handles_badly)
    kept["cause"] = caught(chains)
    kept["group"] = caught(groups)
    kept["again"] = caught(reraises)
    kept["generator"] = caught(list, yields_and_fails())
    kept["thrown"] = swallows(yields_and_fails())
    kept["traceback"] = caught(fails, 1).__traceback__
    kept["part"] = caught(fails, 2).__traceback__.tb_next
    kept["without"] = caught(fails, 1).with_traceback(None)
    kept["cleared"] = caught(fails, 1)
    kept["cleared"].__traceback__.tb_next.tb_frame.clear()
    caught(raises_own)  # refers to itself: garbage that waits
    return sorted(kept)
