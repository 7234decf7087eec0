"""Any statement in a class body: loops, handlers, with, del, imports, and a raise."""

from __future__ import annotations

import contextlib


def make(n):
    class Made:
        total = 0
        for i in range(n):
            total += i
        else:
            finished = True
        try:
            1 // 0
        except ZeroDivisionError as error:
            name = type(error).__name__
        with contextlib.nullcontext(5) as entered:
            pass
        import sys as system

        while total > 3:
            total -= 1
        if (walrus := total) > 2:
            kept = walrus
        del i, system

        def method(self):
            return self.total

        alias = method
        method.attribute = 1

    return Made


def failing():
    class Failing:
        before = 1
        raise ValueError(before)


def main():
    made = make(4)
    try:
        failing()
    except ValueError as error:
        entry = error.__traceback__.tb_next.tb_next
        names = entry.tb_frame.f_code.co_name, entry.tb_frame.f_locals["before"]
        del entry
    public = sorted(k for k in vars(made) if k[0] != "_")
    return public, made.name, made.kept, made().alias(), names
