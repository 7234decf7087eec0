"""The program's sys.settrace and sys.setprofile: the same events as on the host."""

from __future__ import annotations

import pytest
from event_programs import PROGRAMS, both

TRACER = """
import sys
from event_programs import shown

def observe(opcodes):
    # Twice: 3.12 heeds f_trace_opcodes from the next settrace on.
    return observe_once(opcodes) and observe_once(opcodes)

def observe_once(opcodes):
    log = []
    def trace(frame, event, arg):
        if frame.f_code.co_name in ("observe", "observe_once", "<genexpr>", "shown"):
            return None
        if opcodes:
            frame.f_trace_opcodes = True
        place = frame.f_lasti if event == "opcode" else frame.f_lineno
        told = arg[:2] if event == "exception" else arg
        log.append((frame.f_code.co_name, event, place, shown(told)))
        return trace
    sys.settrace(trace)
    try:
        f()
    except ValueError:
        pass
    finally:
        sys.settrace(None)
    return log
"""

PROFILER = """
import sys
from event_programs import shown

def observe():
    log = []
    def profile(frame, event, arg):
        log.append((frame.f_code.co_name, event, frame.f_lineno, shown(arg)))
    sys.setprofile(profile)
    try:
        f()
    except ValueError:
        pass
    finally:
        sys.setprofile(None)
    return log
"""


@pytest.mark.parametrize("opcodes", [False, True], ids=["lines", "opcodes"])
@pytest.mark.parametrize("program", PROGRAMS)
def test_trace_events_are_those_of_the_host(program: str, opcodes: bool) -> None:
    """A trace function is told the same, in the same order."""
    expected, observed = both(PROGRAMS[program], TRACER, opcodes)
    assert observed == expected


@pytest.mark.parametrize("program", PROGRAMS)
def test_profile_events_are_those_of_the_host(program: str) -> None:
    """A profile function is told the same, in the same order."""
    expected, observed = both(PROGRAMS[program], PROFILER)
    assert observed == expected


FAILING = """
import sys

def observe():
    log = []
    def g():
        return 1
    def trace(frame, event, arg):
        log.append(event)
        raise KeyError(event)
    sys.settrace(trace)
    try:
        g()
    except KeyError as error:
        log.append(repr(error))
    log.append(sys.gettrace())
    g()
    return log
"""


def test_an_error_ends_tracing() -> None:
    """What a trace function raises is raised in the program, and it is taken away."""
    expected, observed = both("", FAILING)
    assert observed == expected == ["call", "KeyError('call')", None]
