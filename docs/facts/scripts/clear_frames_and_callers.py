"""traceback.clear_frames() does not reach the frames that are kept through f_back."""

from __future__ import annotations

from _fact import Fact, python

CODE = """
import traceback
def fail():
    raise ValueError
def handler():
    try:
        fail()
    except ValueError as error:
        return error
def caller():
    big = object()
    return handler()
error = caller()
traceback.clear_frames(error.__traceback__)
frame = error.__traceback__.tb_frame.f_back
print(frame.f_code.co_name, *frame.f_locals)
"""

FACT = Fact(
    "locals left after clear_frames(), in the caller of the handler",
    {(3, 11): "caller big"},
    lambda: python(CODE),
    "retention",
)

if __name__ == "__main__":
    FACT.check()
