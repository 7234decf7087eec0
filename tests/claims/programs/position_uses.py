"""The position in a frame gives the line: of tracebacks, and as it runs."""

import sys


def f():
    frame = sys._getframe()
    seen = [frame.f_lineno]
    seen.append(frame.f_lineno)
    try:
        raise ValueError
    except ValueError as error:
        seen.append(error.__traceback__.tb_lineno)
    del frame
    return seen


assert f() == [8, 9, 11]
