"""A C trace function is told NULL for the value of a frame that an exception leaves.

`_testcapi.settrace_to_record` packs what it is told into a tuple, so it dies of that;
an exception that its own frame handles does it no harm.
"""

from __future__ import annotations

import signal
import subprocess
import sys

from _fact import Fact

_CODE = """
import sys, _testcapi
def handled():
    try:
        1 / 0
    except ZeroDivisionError:
        pass
def left():
    1 / 0
events = []
_testcapi.settrace_to_record(events)
{call}
sys.settrace(None)
print("alive", flush=True)
"""
_LEFT = "try: left()\nexcept ZeroDivisionError: pass"
_CALLS = {"handled": "handled()", "left": _LEFT}


def _end(call: str) -> str:
    """Run it in a process of its own; return how that ended."""
    child = subprocess.run(
        [sys.executable, "-c", _CODE.format(call=call)],
        capture_output=True,
        text=True,
        check=False,
    )
    if child.returncode == -signal.SIGSEGV:
        return "crash"
    return child.stdout.strip() or child.stderr.strip()


def see() -> str:
    """Let an exception be handled in its frame, and leave its frame."""
    return ", ".join(f"{word}: {_end(call)}" for word, call in _CALLS.items())


FACT = Fact(
    "an exception in a frame while `settrace_to_record` records",
    {
        (3, 11): "handled: alive, left: crash",
        (3, 12): "handled: alive, left: alive",
        (3, 13): "handled: alive, left: crash",
    },
    see,
)

if __name__ == "__main__":
    FACT.check()
