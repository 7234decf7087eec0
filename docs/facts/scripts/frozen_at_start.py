"""3.12 starts with frozen objects of its own: thawing them would be seen."""

from __future__ import annotations

from _fact import Fact, python

FACT = Fact(
    "gc.get_freeze_count() of a new interpreter",
    {(3, 11): "none", (3, 12): "some", (3, 13): "none"},
    lambda: python("import gc; print('some' if gc.get_freeze_count() else 'none')"),
    "retention",
)

if __name__ == "__main__":
    FACT.check()
