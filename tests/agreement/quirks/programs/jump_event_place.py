"""A frame that JUMP is told of is at the jump's target already."""

import sys

found = []


def function():
    for n in (1, 2):
        n += 1


def jump(code, source, target):
    if code is function.__code__:
        found.append(sys._getframe(1).f_lasti == target)


sys.monitoring.use_tool_id(3, "quirks")
sys.monitoring.register_callback(3, sys.monitoring.events.JUMP, jump)
sys.monitoring.set_events(3, sys.monitoring.events.JUMP)
function()
sys.monitoring.set_events(3, 0)
sys.monitoring.free_tool_id(3)
assert found == [True, True]
