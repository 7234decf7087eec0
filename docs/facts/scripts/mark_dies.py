"""What is in `f_trace` dies with the frame, and when its variables are cleared."""

from __future__ import annotations

from _fact import Fact, python

CODE = """
import sys, traceback, weakref
class Mark:
    def __call__(self, *args): return self
def failed():
    try:
        raise ValueError
    except ValueError as error:
        return error
def marked():
    error = failed()
    error.__traceback__.tb_frame.f_trace = Mark()
    return error, weakref.ref(error.__traceback__.tb_frame.f_trace)
def dies(how):
    error, mark = marked()
    how(error)
    return mark() is None
def drop(error):
    error.__traceback__ = None
print("frame", dies(drop),
      "frame.clear()", dies(lambda error: error.__traceback__.tb_frame.clear()),
      "clear_frames()", dies(lambda e: traceback.clear_frames(e.__traceback__)))
"""

FACT = Fact(
    "an object in f_trace is freed by",
    {(3, 11): "frame True frame.clear() True clear_frames() True"},
    lambda: python(CODE),
    "retention",
)

if __name__ == "__main__":
    FACT.check()
