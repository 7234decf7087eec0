"""A module's body is a frame whose locals are its globals."""

from __future__ import annotations

import sys
import types

SOURCE = """
import sys

frame = sys._getframe()
same = frame.f_locals is frame.f_globals is globals()
locals()["made"] = 5
name = frame.f_code.co_name, frame.f_code.co_varnames, made
del frame

def function():
    return sys._getframe().f_globals is globals(), made
"""


def main():
    module = types.ModuleType("made")
    exec(compile(SOURCE, "made.py", "exec"), module.__dict__)
    inner = module.function()
    return module.same, module.name, inner, sys._getframe().f_globals is globals()
