"""The collector tracks a frame object when it has outlived its call."""

from __future__ import annotations

from _fact import Fact, python

CODE = """
import gc, sys
def ended():
    return sys._getframe()
def running():
    frame = sys._getframe()
    found = any(each is frame for each in gc.get_objects())
    del frame
    return found
kept = ended()
print("running", running(), "ended", any(each is kept for each in gc.get_objects()))
"""

FACT = Fact(
    "frame objects in gc.get_objects()",
    {(3, 11): "running False ended True"},
    lambda: python(CODE),
    "retention",
)

if __name__ == "__main__":
    FACT.check()
