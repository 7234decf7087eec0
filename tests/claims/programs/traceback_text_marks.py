"""A traceback's text marks the call in a line of its own."""

import traceback


def c():
    raise ValueError("something went wrong")


def b():
    c()


try:
    b()
except ValueError as error:
    lines = [line.strip() for line in traceback.format_exception(error)[1:-1]]
assert [line.splitlines()[-1].strip() for line in lines[:2]] == ["~^^", "~^^"]
