"""`f_trace_opcodes`, set by a trace function, takes effect at once."""

import sys

events = []


def function():
    return 1


def trace(frame, event, arg):
    frame.f_trace_opcodes = True
    events.append(event)
    return trace


sys.settrace(trace)
function()
sys.settrace(None)
assert "opcode" in events
