"""gc.freeze() and gc.unfreeze() move all objects to the oldest generation."""

from __future__ import annotations

from _fact import Fact, python

CODE = """
import gc
gc.disable()
probe = []
def generations():
    return [n for n in range(3) if any(each is probe for each in gc.get_objects(n))]
before = generations()
gc.freeze()
gc.unfreeze()
print(*before, "then", *generations())
"""

FACT = Fact(
    "generation of a new object, before and after freeze() and unfreeze()",
    {(3, 11): "0 then 2"},
    lambda: python(CODE),
    "retention",
)

if __name__ == "__main__":
    FACT.check()
