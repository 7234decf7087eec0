"""Each round of a loop on one line begins the line anew."""

import sys


def function():
    n = 0
    if hasattr(sys, "monitoring"):
        for n in (1, 2, 3): pass  # fmt: skip  # noqa: E701
    else:
        while n < 3: n += 1  # fmt: skip  # noqa: E701
    return n


lines = []
loop = function.__code__.co_firstlineno + (3 if hasattr(sys, "monitoring") else 5)
if hasattr(sys, "monitoring"):
    from watching import told

    lines = [line for _, _, line in told(["LINE"], function)]
else:

    def trace(frame, event, arg):
        if event == "line" and frame.f_code is function.__code__:
            lines.append(frame.f_lineno)
        return trace

    sys.settrace(trace)
    function()
    sys.settrace(None)
assert lines.count(loop) > 1, lines
