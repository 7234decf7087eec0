"""After os.fork() the child's callbacks are still called."""

from __future__ import annotations

import os

from _events import off, switch
from _fact import Fact


def _program() -> None:
    pass


def see() -> str:
    """Count calls in a forked child; the count is its exit status."""
    calls: list[str] = []
    switch(calls.append, ("PY_START",))
    pid = os.fork()
    if not pid:
        before = len(calls)
        _program()
        os._exit(len(calls) - before)
    _, status = os.waitpid(pid, 0)
    off(("PY_START",))
    return "called" if os.waitstatus_to_exitcode(status) else "not called"


FACT = Fact("callbacks in a forked child", {(3, 12): "called"}, see)

if __name__ == "__main__":
    FACT.check()
