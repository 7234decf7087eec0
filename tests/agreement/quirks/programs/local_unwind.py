"""PY_UNWIND can be watched in one code object."""

import sys


def function():
    pass


sys.monitoring.use_tool_id(3, "quirks")
try:
    sys.monitoring.set_local_events(
        3, function.__code__, sys.monitoring.events.PY_UNWIND
    )
except ValueError:
    is_local = False
else:
    is_local = True
    sys.monitoring.set_local_events(3, function.__code__, 0)
sys.monitoring.free_tool_id(3)
assert is_local
