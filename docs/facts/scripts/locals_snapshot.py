"""Until 3.12 reading f_locals leaves a dict in the frame that keeps each value."""

from __future__ import annotations

from _fact import Fact, python

CODE = """
import weakref
class Big:
    pass
def generate():
    big = Big()
    yield weakref.ref(big)
    del big
    yield None
generator = generate()
alive = next(generator)
len(generator.gi_frame.f_locals)
next(generator)
print("kept" if alive() else "freed")
"""

FACT = Fact(
    "a local after f_locals was read and the frame deleted it",
    {(3, 11): "kept", (3, 13): "freed"},
    lambda: python(CODE),
    "retention",
)

if __name__ == "__main__":
    FACT.check()
