"""Which ways to a frame object an audit event tells of, and which are silent."""

from __future__ import annotations

from _fact import Fact, python

CODE = """
import sys, traceback, warnings
seen = []
def hook(event, arguments):
    if event == "object.__getattr__":
        event = f"{type(arguments[0]).__name__}.{arguments[1]}"
    seen.append(event)
def fail():
    try:
        raise ValueError
    except ValueError as error:
        return error
def frames(): yield
async def coroutine(): pass
async def frames_async(): yield
generator, waiting, other = frames(), coroutine(), frames_async()
frame, error = sys._getframe(), fail()
warnings.simplefilter("ignore")
ways = {
    "_getframe": lambda: sys._getframe(),
    "_current_frames": lambda: sys._current_frames(),
    "_current_exceptions": lambda: sys._current_exceptions(),
    "settrace": lambda: sys.settrace(None),
    "setprofile": lambda: sys.setprofile(None),
    "gi_frame": lambda: generator.gi_frame,
    "cr_frame": lambda: waiting.cr_frame,
    "ag_frame": lambda: other.ag_frame,
    "tb_frame": lambda: error.__traceback__.tb_frame,
    "f_code": lambda: frame.f_code,
    "f_back": lambda: frame.f_back,
    "f_locals": lambda: frame.f_locals,
    "raise": fail,
    "warn": lambda: warnings.warn("x"),
}
sys.addaudithook(hook)
silent = []
for name, way in ways.items():
    seen.clear()
    way()
    if not any(event.endswith("." + name) for event in seen):
        silent.append(name)
waiting.close()
print("all but", *silent)
"""

FACT = Fact(
    "ways to a frame object that an audit event tells of",
    {(3, 11): "all but f_back f_locals raise warn"},
    lambda: python(CODE),
    "stack",
)

if __name__ == "__main__":
    FACT.check()
