"""cProfile(builtins=False) records C functions all the same from 3.14 on."""

from __future__ import annotations

import cProfile

from _fact import Fact


def see() -> str:
    """Call abs() under cProfile without builtins."""
    profile = cProfile.Profile(builtins=False)
    profile.enable()
    abs(-1)
    profile.disable()
    names = [str(entry.code) for entry in profile.getstats()]
    return "recorded" if any("abs" in name for name in names) else "left out"


FACT = Fact(
    "abs() under cProfile(builtins=False)",
    {(3, 11): "left out", (3, 14): "recorded"},
    see,
)

if __name__ == "__main__":
    FACT.check()
