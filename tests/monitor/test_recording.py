"""`recording()` and `record()`: what they leave behind, and where there is no room."""

from __future__ import annotations

import contextlib
import sys

import pytest

from frametools._python import HAS_MONITORING
from frametools.events import EventKind
from frametools.monitor import MonitorError, _twin, record, recording
from frametools.profile import Profiler, _runner


def step():
    """Be counted."""
    return 1


@pytest.fixture
def four_builders():
    """All the builders that the C core has room for."""
    if _twin.NAME != "c":
        pytest.skip("the Python twin has room for any number")
    return [_twin.TreeBuilder() for _ in range(4)]


def test_kept_recordings_hold_no_builder():
    """Any number of recordings may be kept."""
    kept = []
    for _ in range(6):
        with recording() as run:
            step()
        kept.append(run)
    assert [len(run.recording) for run in kept] == [len(kept[0].recording)] * 6


def test_a_recording_can_be_used_again():
    """Each use makes a `Recording` of its own; there is none inside of another."""
    run = recording()
    for _ in range(2):
        with run:
            step()
            with pytest.raises(MonitorError, match="running already"):
                run.__enter__()
    with recording() as other:
        step()
    assert len(other.recording) < len(run.recording)


@pytest.mark.parametrize(
    "use",
    [lambda: record(step), lambda: recording().__enter__(), Profiler().start],
    ids=["record", "recording", "Profiler"],
)
def test_no_room(four_builders, use):
    """A fifth builder is refused with a MonitorError, and nothing stays on."""
    with pytest.raises(MonitorError, match="four builders are at work already"):
        use()


def test_no_room_for_the_command(four_builders, tmp_path, monkeypatch, capsys):
    """The command says it in one line, with status 2, and leaves no file."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "app.py").write_text("")
    assert _runner.main(["app.py"], "frametools") == 2
    refused = "frametools: four builders are at work already\n"
    assert capsys.readouterr().err == refused
    assert [path.name for path in tmp_path.iterdir()] == ["app.py"]


def stubborn():
    """Ignore GeneratorExit, and be freed at a yield of which no event tells."""
    try:
        yield
    except GeneratorExit:
        yield


def test_an_end_that_no_event_tells_of(monkeypatch):
    """A generator at the address of one that was freed at a yield is another one."""
    monkeypatch.setattr(sys, "unraisablehook", lambda told: None)
    with recording() as run:
        for _ in range(5):
            for never_ran in (False, True):
                generator = stubborn()
                with contextlib.suppress(ValueError):
                    (generator.throw(ValueError) if never_ran else next(generator))
                del generator
    started, thrown = (
        [
            event.frame
            for event in run.recording
            if event.kind is kind and is_ours(event)
        ]
        for kind in (EventKind.PY_START, EventKind.PY_THROW)
    )
    closed, never_started = thrown[::2], thrown[1::2]
    assert closed == started
    assert len({*started, *never_started}) == 10


def is_ours(event):
    """Whether the event is of `stubborn`."""
    return event.code.qualname == "stubborn"


@pytest.mark.skipif(not HAS_MONITORING, reason="no local events before 3.12")
def test_local_events_end_with_the_run() -> None:
    """What --include switched on is off for whoever has the tool id next."""

    def wanted_function() -> None:
        with contextlib.suppress(ValueError):
            int("x")

    recording = record(
        wanted_function, events=("RAISE",), include=["*.wanted_function"]
    )
    # Before 3.15 RAISE is for all code, and only what is shown is kept.
    assert "RAISE" in [event.kind.name for event in recording]
    code = wanted_function.__code__
    for tool_id in (2, 3, 4, 5):
        sys.monitoring.use_tool_id(tool_id, "next")
        try:
            assert sys.monitoring.get_local_events(tool_id, code) == 0
        finally:
            sys.monitoring.free_tool_id(tool_id)
