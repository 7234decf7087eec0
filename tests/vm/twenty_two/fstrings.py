"""f-strings: conversions, formats, nesting, =, and what they call."""


class Shown:
    def __format__(self, spec):
        return f"<{spec}>"

    def __repr__(self):
        return "Shown()"

    def __str__(self):
        return "shown"


it, width, n = Shown(), 12, 255
print(f"{it} {it!r} {it!s} {it!a} {it:>{width}} {it:}")
print(f"{n:#x} {n:08b} {n / 7:.3f} {n:,} {'a':^{width}}| {n=} {n + 1 = :>6} {it=}")
print(f"{{}} {'nested ' + f'{n:{width}}'} {[x for x in range(3)]} {(lambda: 1)()}")
print(f"{'é'!a} {1:%} joined {'xy'}", "%(a)s %(b)05d" % {"a": it, "b": 3})
try:
    f"{n:bad}"
except ValueError as error:
    print(error)
