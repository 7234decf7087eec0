"""`f_lasti` of a suspended generator is at the RESUME behind its `yield`."""

from watching import offsets


def generator():
    yield


made = generator()
next(made)
assert made.gi_frame.f_lasti in offsets(generator, "RESUME")
