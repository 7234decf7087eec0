"""The program's excepthook raises."""

import sys


def hook(kind, error, traceback):
    raise KeyError("the hook is broken")


sys.excepthook = hook
raise ValueError("the original")
