"""A traceback's text: the outermost frame first, the error last."""

import traceback


def c():
    raise ValueError("something went wrong")


def b():
    c()


def a():
    b()


try:
    a()
except ValueError as error:
    lines = "".join(traceback.format_exception(error)).splitlines()
assert lines[0] == "Traceback (most recent call last):"
names = [line.rpartition(" in ")[2] for line in lines if line.startswith("  File")]
assert names == ["<module>", "a", "b", "c"]
assert lines[-1] == "ValueError: something went wrong"
