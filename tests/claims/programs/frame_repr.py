"""A frame's repr has address, file, line and name; f_back is the frame before."""

import inspect
import re


def g4(depth):
    frame = inspect.currentframe()
    seen.append((repr(frame), frame, frame.f_back))
    if depth > 0:
        g4(depth - 1)


seen = []
g4(3)
shape = r"<frame at 0x[0-9a-f]+, file '.*frame_repr\.py', line \d+, code g4>"
assert all(re.fullmatch(shape, text) for text, _, _ in seen)
assert [back for _, _, back in seen[1:]] == [frame for _, frame, _ in seen[:-1]]
assert seen[0][2].f_code.co_name == "<module>"
seen.clear()
