"""A generator has one frame object from the first to the last of its life."""


def gen():
    yield 1
    yield 2


g = gen()
frame = g.gi_frame
for _ in g:
    assert g.gi_frame is frame
assert g.gi_frame is None
