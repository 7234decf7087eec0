"""A suspended generator has its frame: code, locals, position."""


def gen():
    x = 1
    yield x


g = gen()
frame = g.gi_frame
before = frame.f_lasti
next(g)
assert g.gi_frame is frame
assert frame.f_code is gen.__code__
assert frame.f_locals["x"] == 1
assert frame.f_lasti > before
assert frame.f_back is None
