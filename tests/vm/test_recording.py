"""Recordings of the VM are equal to what the monitor records on the host."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING
from weakref import ref

import pytest
from event_programs import PROGRAMS, in_vm, on_host

from frametools._python import HAS_MONITORING
from frametools.monitor import record as monitor_record
from frametools.vm.event_kinds import INSTRUCTION, LINE, PY_RETURN, PY_START
from frametools.vm.instrumentation import add_tool, remove_tool
from frametools.vm.recording import record
from frametools.vm.vm import VM

if TYPE_CHECKING:
    from frametools.recording import Recording
    from frametools.vm.code import Code

CALL = """
def call():
    try:
        f()
    except ValueError:
        pass
"""


@pytest.mark.parametrize("program", PROGRAMS)
@pytest.mark.parametrize("events", [(), ("LINE",), ("RAISE",)])
def test_recordings_are_equal(program: str, events: tuple[str, ...]) -> None:
    """`==` of the two recordings: events, codes, depths, and which share a frame."""
    source = PROGRAMS[program] + CALL
    expected = monitor_record(on_host(source)["call"], events=events)
    vm = VM()
    names = in_vm(source, vm)
    _, observed = record(vm, names["call"], events=events)
    if HAS_MONITORING or not events:
        assert observed.first_difference(expected) is None
    else:  # the monitor of 3.11 sees its own threading.settrace
        assert _told(observed) == [each for each in _told(expected) if each[1] != OWN]


OWN = "settrace"


def _told(recording: Recording) -> list[tuple[object, ...]]:
    return [
        (event.kind, event.code.qualname, event.depth, event.argument, event.target)
        for event in recording
    ]


def test_the_result_and_what_is_raised() -> None:
    """The result comes back; an exception goes through, and nothing stays watched."""
    vm = VM()

    def divide(a: int, b: int) -> float:
        return a / b

    run = vm.function(divide)  # type: ignore[arg-type]
    result, recording = record(vm, lambda: run(6, 3))
    assert result == 2.0
    assert [event.kind.name for event in recording] == ["PY_START", "PY_RETURN"]
    with pytest.raises(ZeroDivisionError):
        record(vm, lambda: run(1, 0))
    assert vm.watching is None


@pytest.mark.parametrize("keep", ["first", "last"])
def test_rows_are_bounded(keep: str) -> None:
    """No more than `max_events` rows stay, and what is gone is counted."""
    vm = VM()

    def many() -> int:
        def one() -> int:
            return 1

        return sum([one() for _ in range(100)])

    run = vm.function(many)  # type: ignore[arg-type]
    _, whole = record(vm, run)
    _, cut = record(vm, run, max_events=50, keep=keep)
    assert len(cut) <= 50
    assert len(cut) + cut.dropped == len(whole)


def test_unknown_events_are_refused() -> None:
    """A word that is no event is a ValueError."""
    with pytest.raises(ValueError, match="no such events: NOTHING"):
        record(VM(), lambda: None, events=("NOTHING",))


def test_code_that_is_left_out_is_not_instrumented() -> None:
    """What has a place is not told of it; that its frames begin and end is."""
    vm = VM()
    names = in_vm("def f():\n    return g()\n\ndef g():\n    x = 1\n    return x\n", vm)
    told: set[tuple[int, str]] = set()
    callbacks = {
        event: lambda frame, *_, event=event: told.add((event, frame.code.co.co_name))
        for event in (LINE, INSTRUCTION, PY_START, PY_RETURN)
    }

    def leaves_out(code: Code) -> bool:
        return code.co.co_name == "g"

    tool = add_tool(vm, {*callbacks}, callbacks, leaves_out=leaves_out)
    names["f"]()
    remove_tool(vm, tool)
    of_both = {(event, name) for event in (PY_START, PY_RETURN) for name in "fg"}
    assert told == {*of_both, (LINE, "f"), (INSTRUCTION, "f")}
    _, recorded = record(vm, names["f"], events=("LINE",), exclude=("g",))
    assert {event.code.qualname for event in recorded} == {"f"}


def test_a_vm_goes_with_what_it_ran() -> None:
    """A recording that has ended holds no code: functions within functions neither."""
    vm = VM()
    gone = ref(vm)
    names = in_vm("def f():\n    def inner(): pass\n    inner()\n", vm)
    record(vm, names["f"], events=("LINE",))
    del vm, names
    for _ in range(5):  # what the collector cannot see into is freed between two runs
        gc.collect()
    assert gone() is None
