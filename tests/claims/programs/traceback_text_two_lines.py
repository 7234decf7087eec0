"""A traceback's text has two lines for each frame, as long as no part is marked."""

import traceback


def c():
    raise ValueError("something went wrong")


def b():
    c()


try:
    b()
except ValueError as error:
    lines = "".join(traceback.format_exception(error)).splitlines()
assert len(lines) == 2 * 3 + 2
