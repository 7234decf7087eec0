"""How many frame objects it makes to look at a stack of 100 frames, by way."""

from __future__ import annotations

from _fact import Fact, python

CODE = """
import gc, sys
gc.disable()
def deep(depth, look):
    if depth:
        return deep(depth - 1, look)
    before = sys.getallocatedblocks()
    look()
    return sys.getallocatedblocks() - before
def nothing():
    pass
def by_number():
    sys._getframe(60)
def by_name():
    sys._getframemodulename(60)
def by_back():
    frame = sys._getframe()
    for _ in range(60):
        frame = frame.f_back
for look in (nothing, by_number, by_back, by_name):
    if look is not by_name or hasattr(sys, "_getframemodulename"):
        deep(100, look)
        made = deep(100, look) - deep(100, nothing)
        print(look.__name__[3:], made, end=" ") if look is not nothing else None
"""

FACT = Fact(
    "frame objects made to see the 60th frame, by sys._getframe, f_back, name",
    {(3, 11): "number 1 back 60", (3, 12): "number 1 back 60 name 0"},
    lambda: python(CODE),
    "stack",
)

if __name__ == "__main__":
    FACT.check()
