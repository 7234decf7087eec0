"""A class body is a frame: its locals are the namespace, its caller the function."""

from __future__ import annotations

import sys


def namespace():
    frame = sys._getframe(1)
    return frame.f_code.co_name, [k for k in frame.f_locals if k[0] != "_"]


def make(argument):
    class Made:
        first = argument
        before = namespace()
        frame = sys._getframe()
        own = frame.f_locals is locals(), frame.f_back.f_code.co_name
        frame.f_locals["written"] = first + 1
        read = written  # noqa: F821
        del first, frame

        class Inner:
            frame = sys._getframe()
            chain = frame.f_back.f_code.co_name, frame.f_code.co_qualname
            del frame

    return Made


def main():
    made = make(1)
    return made.before, made.own, made.read, made.Inner.chain, hasattr(made, "first")
