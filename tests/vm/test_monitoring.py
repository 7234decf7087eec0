"""The program's sys.monitoring: the same events, answers and errors as on the host."""

from __future__ import annotations

import sys

import pytest
from event_programs import PROGRAMS, both, in_vm

from frametools._python import HAS_MONITORING

pytestmark = pytest.mark.skipif(not HAS_MONITORING, reason="PEP 669 came with 3.12")

OBSERVER = """
import sys
from event_programs import shown

def observe(events):
    log, monitoring = [], sys.monitoring
    monitoring.use_tool_id(3, "test")
    wanted = 0
    for name in events:
        event = getattr(monitoring.events, name)
        wanted |= event
        def callback(code, *args, name=name):
            log.append((name, code.co_name, *map(shown, args)))
        monitoring.register_callback(3, event, callback)
    monitoring.set_events(3, wanted)
    try:
        f()
    except ValueError:
        pass
    finally:
        monitoring.set_events(3, 0)
        monitoring.free_tool_id(3)
    return [event for event in log if event[1] != "observe"]
"""

NAMES = (
    [name for name in vars(sys.monitoring.events) if name != "NO_EVENTS"]
    if HAS_MONITORING
    else []
)
GROUPS = {
    "frames": "PY_START PY_RESUME PY_RETURN PY_YIELD PY_THROW PY_UNWIND".split(),
    "lines": ["LINE"],
    "calls": ["CALL", "C_RETURN", "C_RAISE"],
    "instructions": ["INSTRUCTION"],
    "branches": ["JUMP", "BRANCH"],
    "sides": ["JUMP", "BRANCH_LEFT", "BRANCH_RIGHT"],
    "throws": ["PY_THROW", "RAISE"],
    "exceptions": "RAISE RERAISE EXCEPTION_HANDLED PY_UNWIND STOP_ITERATION".split(),
    "all": [name for name in NAMES if name != "BRANCH" or "BRANCH_LEFT" not in NAMES],
}


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize("group", GROUPS)
def test_events_are_those_of_the_host(program: str, group: str) -> None:
    """Names, offsets, arguments and their order are the same."""
    events = [name for name in GROUPS[group] if name in NAMES]
    expected, observed = both(PROGRAMS[program], OBSERVER, events)
    assert observed == expected


LOCAL_UNWIND = """
import sys

def observe():
    M, log = sys.monitoring, []
    M.use_tool_id(3, "test")
    def unwound(code, *_):
        log.append(code.co_name)
    M.register_callback(3, M.events.PY_UNWIND, unwound)
    for code in f.__code__, plain.__code__:
        try:
            M.set_local_events(3, code, M.events.PY_UNWIND)
        except ValueError as error:
            log.append(str(error))
        f()
        log.append(code.co_name)
    M.free_tool_id(3)
    return log
"""


def test_unwinding_is_watched_in_the_generator() -> None:
    """close() at a plain yield runs if PY_UNWIND is watched there, not elsewhere."""
    expected, observed = both(PROGRAMS["closed"], LOCAL_UNWIND)
    assert observed == expected


ANSWERS = """
import sys
M = sys.monitoring
E = M.events

def attempt(function, *args):
    try:
        result = function(*args)
    except Exception as error:
        return type(error).__name__, str(error)
    return result if result is None or isinstance(result, (int, str)) else "object"

def observe():
    code = observe.__code__
    asked = [
        (M.use_tool_id, 6, "x"), (M.use_tool_id, -1, "x"), (M.use_tool_id, 1, 2),
        (M.use_tool_id, 1, "one"), (M.use_tool_id, 1, "two"), (M.get_tool, 1),
        (M.get_tool, 2), (M.get_tool, 9), (M.use_tool_id, 1), (M.get_tool, "a"),
        (M.get_tool, 1 << 40), (M.set_events, 2, 1), (M.set_events, 1, 1 << 30),
        (M.set_events, 1, -1), (M.set_events, 1, E.C_RAISE),
        (M.set_events, 1, E.LINE), (M.get_events, 1), (M.set_events, 1, 0),
        (M.set_local_events, 1, None, 0), (M.set_local_events, 1, code, 1 << 30),
        (M.set_local_events, 2, code, 1), (M.set_local_events, 1, code, E.RAISE),
        (M.set_local_events, 1, code, 0),
        (M.set_local_events, 1, code, E.LINE), (M.get_local_events, 1, code),
        (M.get_local_events, 1, 3), (M.set_local_events, 1, code, 0),
        (M.register_callback, 1, 3, print), (M.register_callback, 1, 1 << 30, print),
        (M.register_callback, 1, E.LINE, print), (M.register_callback, 1, E.LINE, None),
        (M.register_callback, 1, E.LINE, None), (M.restart_events,),
        (M.restart_events, 1), (M.free_tool_id, 7), (M.free_tool_id, 1),
        (M.free_tool_id, 1), (M.get_tool, 1), (M.set_events, 1, 0),
    ]
    return [attempt(*each) for each in asked]
"""


def test_answers_and_errors_are_those_of_the_host() -> None:
    """Each function of sys.monitoring answers, and refuses, in the same words."""
    expected, observed = both("", ANSWERS)
    assert observed == expected


DISABLING = """
import sys
M = sys.monitoring

def loop():
    n = 0
    for i in range(3):
        n += i
    return n

def observe():
    log = []
    M.use_tool_id(1, "one")
    def line(code, number):
        if code is loop.__code__:
            log.append(number)
        return M.DISABLE
    M.register_callback(1, M.events.LINE, line)
    M.set_local_events(1, loop.__code__, M.events.LINE)
    loop()
    log.append("again")
    loop()
    M.restart_events()
    log.append("restarted")
    loop()
    M.set_local_events(1, loop.__code__, 0)
    loop()
    M.free_tool_id(1)
    return log
"""


def test_disabled_places_are_silent_until_restart() -> None:
    """DISABLE holds for one place, until restart_events."""
    expected, observed = both("", DISABLING)
    assert observed == expected
    assert "restarted" in observed


def test_the_host_is_not_touched() -> None:
    """What the program watches inside the VM, the host's sys.monitoring does not."""
    taken = [sys.monitoring.get_tool(number) for number in range(6)]
    in_vm("import sys; sys.monitoring.use_tool_id(4, 'inner')")
    assert [sys.monitoring.get_tool(number) for number in range(6)] == taken


def test_nothing_is_left_in_the_code() -> None:
    """When nobody watches any more, the handlers are the plain ones."""
    from frametools.vm.event_kinds import LINE
    from frametools.vm.instrumentation import add_tool, remove_tool
    from frametools.vm.vm import VM

    def function() -> int:
        return 1

    vm, lines = VM(), []
    run = vm.function(function)  # type: ignore[arg-type]
    tool = add_tool(vm, {LINE}, {LINE: lambda frame, index, line: lines.append(line)})
    assert run() == 1
    remove_tool(vm, tool)
    assert run() == 1
    code = vm.code(function.__code__)
    assert len(lines) == 1
    assert code.ops == code.plain_ops


LOCAL = """
import gc, sys, types, weakref

def f():
    seen, monitoring = [], sys.monitoring
    begins = monitoring.events.PY_START
    monitoring.use_tool_id(3, "test")
    monitoring.register_callback(3, begins, lambda co, _: seen.append(co.co_name))
    co = compile("def inner(): pass", "", "exec").co_consts[0]
    monitoring.set_local_events(3, co, begins)
    for _ in range(2):
        types.FunctionType(co, {})()
        gc.collect()
    kept = weakref.ref(co)
    del co
    gc.collect()
    monitoring.free_tool_id(3)
    return seen, kept()

result = f()
"""


def test_local_events_last_as_long_as_the_code_object() -> None:
    """Not as the functions that have it, and they do not keep it alive."""
    assert in_vm(LOCAL)["result"] == (["inner", "inner"], None)
