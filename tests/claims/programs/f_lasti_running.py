"""f_lasti of a frame that runs is the offset of the instruction that reads it."""

import dis
import sys


def f():
    frame = sys._getframe()
    return frame, frame.f_lasti


frame, last = f()
assert {i.offset: i.argval for i in dis.get_instructions(f)}[last] == "f_lasti"
