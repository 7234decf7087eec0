"""The frame of a generator that close() has not run stays with it, untracked."""

import gc


def generator():
    yield 1


made = generator()
frame = made.gi_frame
next(made)
made.close()
assert not gc.is_tracked(frame)
del made
assert gc.is_tracked(frame)
