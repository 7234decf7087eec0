"""Modules that are made and run at run time."""

from __future__ import annotations

import types

SOURCE = """
def double(x):
    return x * 2

value = double(21)
"""


def main():
    module = types.ModuleType("made")
    exec(compile(SOURCE, "made.py", "exec"), module.__dict__)
    return module.value, module.double(1)
