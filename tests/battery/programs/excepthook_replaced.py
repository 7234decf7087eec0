"""The program's own excepthook sees the traceback that plain Python hands over."""

import sys


def hook(kind, error, traceback):
    print(kind.__name__, error, traceback is error.__traceback__)
    while traceback is not None:
        print(traceback.tb_frame.f_code.co_name, traceback.tb_lineno)
        traceback = traceback.tb_next
    print(sys.last_value is error, sys.excepthook is hook)


def fail():
    raise ValueError("seen by the hook")


sys.excepthook = hook
fail()
