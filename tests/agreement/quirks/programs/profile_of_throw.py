"""A profile function is given the exception with the `call` of a throw()."""

import sys

given = []


def generator():
    yield 1


def profile(frame, event, arg):
    if event == "call" and frame.f_code is generator.__code__:
        given.append(arg)


made = generator()
next(made)
sys.setprofile(profile)
try:
    made.throw(ValueError())
except ValueError:
    pass
sys.setprofile(None)
assert [type(each) for each in given] == [ValueError]
