"""The example g2 yields 'param a', '3', 0, 1, 2, then raises StopIteration."""


def g2(a, b=1, c=2):
    yield a
    c = str(b + c)
    yield c
    new_g = range(3)
    yield from new_g


gg = g2("param a")
assert [next(gg) for _ in range(5)] == ["param a", "3", 0, 1, 2]
assert next(gg, "stopped") == "stopped"
assert repr(gg.gi_frame) == "None"
