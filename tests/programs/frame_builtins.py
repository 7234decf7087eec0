"""A frame looks names up in builtins of its own."""

from __future__ import annotations

import sys


def plain():
    return sys._getframe().f_builtins is vars(__import__("builtins"))


def main():
    given = {"__builtins__": {"len": lambda x: "mine", "sys": sys}}
    exec("def f():\n    return len('abc'), sys._getframe().f_builtins", given)
    length, builtins = given["f"]()
    missing = []
    for source in ("print", "x", "__import__"):
        try:
            eval(source, {"__builtins__": {}})
        except NameError as error:
            missing.append(error.name)
    return plain(), length, sorted(builtins), missing
