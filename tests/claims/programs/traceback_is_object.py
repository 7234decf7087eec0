"""A traceback is objects with frames, not text; text is made from it."""

import traceback
import types


def f():
    raise ValueError(1)


try:
    f()
except ValueError as error:
    found = error
entry = found.__traceback__
assert type(entry) is types.TracebackType
assert type(entry.tb_frame) is types.FrameType
text = "".join(traceback.format_exception(found))
assert ", in f" in text
assert "line 8" in text
