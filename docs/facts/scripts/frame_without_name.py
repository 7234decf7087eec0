"""sys._getframemodulename() is None beyond the stack, and for some frames on it."""

from __future__ import annotations

from _fact import Fact, python

CODE = """
import sys, types
def ask():
    return sys._getframemodulename(1)
nameless = types.FunctionType((lambda: ask()).__code__, {"ask": ask})
def inside():
    return sys._getframemodulename(50)
print("nameless", nameless(), "beyond", inside())
"""

FACT = Fact(
    "the module name of a frame whose globals have none, and beyond the stack",
    {(3, 12): "nameless None beyond None"},
    lambda: python(CODE),
    "stack",
)

if __name__ == "__main__":
    FACT.check()
