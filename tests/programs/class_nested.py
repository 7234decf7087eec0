"""Names in nested class bodies: of the function, of the module, never of the outer."""

from __future__ import annotations

name = "module"


def make(name, captured):
    class Outer:
        name = "outer"
        own = captured

        class Inner:
            seen = name
            taken = captured

            def method(self):
                return name

        def method(self):
            return name, captured

    return Outer


class AtTop:
    before = name
    name = "class"
    after = name

    class Inner:
        seen = name


def main():
    outer = make("argument", "cell")
    inner = outer.Inner
    return (
        (inner.seen, inner.taken, inner().method()),
        (outer.own, outer().method(), inner.__qualname__),
        (AtTop.before, AtTop.after, AtTop.Inner.seen),
    )
