"""`recording()` and `record()`: what they leave behind, and where there is no room."""

from __future__ import annotations

import pytest

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
