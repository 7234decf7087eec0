"""The program has tools of its own on sys.monitoring, on most identifiers."""

import atexit
import sys

monitoring = sys.monitoring
PY_START = monitoring.events.PY_START
LINE = monitoring.events.LINE
counts = {}


def work():
    return 1


def started(tool):
    def callback(code, offset):
        if code.co_name == "work":
            counts[tool] = counts.get(tool, 0) + 1

    return callback


for tool in (0, 1, 2, 5):
    try:
        monitoring.use_tool_id(tool, f"mine {tool}")
    except ValueError:
        print("taken", tool)
        continue
    monitoring.register_callback(tool, PY_START, started(tool))
    monitoring.set_events(tool, PY_START)
for _ in range(3):
    work()
monitoring.restart_events()
work()
print(counts)
for tool in (0, 1, 2):
    monitoring.set_events(tool, 0)
    monitoring.free_tool_id(tool)
work()
print(counts)
atexit.register(print, "at exit", counts)
