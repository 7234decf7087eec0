"""An error that cannot be raised is "ignored while closing generator"."""

import sys

said = []


def generator():
    try:
        yield
    finally:
        raise ValueError


hook = sys.unraisablehook
sys.unraisablehook = lambda args: said.append(args.err_msg)
made = generator()
next(made)
del made
sys.unraisablehook = hook
assert "while closing generator" in (said[0] or ""), said
