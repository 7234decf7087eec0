"""The call of a bound method of a C function has a `c_call` of the function."""

import sys
from types import MethodType

told = []
method = MethodType(len, "four")


def profile(frame, event, arg):
    if event == "c_call":
        told.append(arg)


def function():
    return method(*()) if sys.version_info >= (3, 13) else method()


sys.setprofile(profile)
function()
sys.setprofile(None)
assert len in told
