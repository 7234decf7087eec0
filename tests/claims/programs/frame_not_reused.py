"""Each call has a frame object of its own, while the others are alive."""


def g6():
    yield 1


generators = [g6(), g6(), g6()]
frames = [g.gi_frame for g in generators]
assert len(set(map(id, frames))) == 3
for g in generators:
    assert list(g) == [1]
later = g6()
assert later.gi_frame not in frames
