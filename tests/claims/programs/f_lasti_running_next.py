"""f_lasti of a frame that runs is the offset of the instruction that comes next."""

import dis
import sys


def f():
    frame = sys._getframe()
    return frame, frame.f_lasti


frame, last = f()
offsets = {i.offset: i.argval for i in dis.get_instructions(f)}
assert offsets[last] != "f_lasti"
