"""The collector sees what atexit is to call from 3.14 on."""

from __future__ import annotations

from _fact import Fact, python

CODE = """
import atexit, gc
class Argument:
    pass
def register():
    atexit.register(print, Argument())
register()
atexit.register(len, ())
(found,) = [each for each in gc.get_objects() if type(each) is Argument]
(arguments,) = [each for each in gc.get_referrers(found) if type(each) is tuple]
above = [each for each in gc.get_referrers(arguments) if type(each) is tuple]
print("seen" if above else "unseen", flush=True)
atexit._clear()
"""

FACT = Fact(
    "who has the arguments of an atexit callback",
    {(3, 11): "unseen", (3, 14): "seen"},
    lambda: python(CODE),
    "retention",
)

if __name__ == "__main__":
    FACT.check()
