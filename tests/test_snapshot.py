"""Snapshots are plain data: through JSON and back, or one clear error."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frametools.events import CodeKind, CodeRef
from frametools.snapshot import (
    FrameSnapshot,
    SnapshotError,
    TracebackSnapshot,
    read_tracebacks,
)

numbers = st.integers(0, 2**31)
codes = st.builds(
    CodeRef, st.text(), st.text(), numbers, numbers, st.sampled_from(list(CodeKind))
)
maybe = st.none() | numbers
frames = st.builds(FrameSnapshot, codes, numbers, maybe, maybe, maybe)


def _tracebacks(*linked: st.SearchStrategy[TracebackSnapshot]) -> Any:
    """Tracebacks with such causes, contexts and members: unbounded takes minutes."""
    one = st.one_of(st.none(), *linked)
    return st.builds(
        TracebackSnapshot,
        st.text(),
        st.text(),
        st.lists(frames, max_size=4).map(tuple),
        numbers,
        st.none() | frames,
        st.booleans(),
        cause=one,
        context=one,
        members=st.lists(st.one_of(*linked), max_size=2 * len(linked)).map(tuple),
    )


tracebacks = _tracebacks(_tracebacks())

FRAME = FrameSnapshot(CodeRef("f", "a.py", 1, 3), 7, 7, 4, 9)
TRACEBACK = TracebackSnapshot(
    "ValueError", "no", (FRAME._replace(line=2), FRAME), 1, None, escaped=True
)


@given(tracebacks)
def test_snapshots_survive_json(snapshot: TracebackSnapshot) -> None:
    """What `to_dict` gives can be kept as JSON, and gives the same snapshot."""
    data = json.loads(json.dumps(snapshot.to_dict()))
    again = TracebackSnapshot.from_dict(data)
    assert again == snapshot
    assert all(type(frame.code.kind) is CodeKind for frame in again.frames)


def test_the_dict_form_is_as_documented() -> None:
    """The dict has the fields' names and a version."""
    assert FRAME.to_dict() == {
        "version": 1,
        "code": ["f", "a.py", 1, 3, 0],
        "line": 7,
        "end_line": 7,
        "column": 4,
        "end_column": 9,
    }
    assert TRACEBACK.to_dict().keys() == {"version", *TracebackSnapshot._fields[:6]}


def test_the_last_frame_raised() -> None:
    """A traceback is outermost first; without frames nothing is known."""
    assert TRACEBACK.raised_at == FRAME
    assert TRACEBACK._replace(frames=()).raised_at is None


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"version": 2}, "the snapshot was written by a newer frametools (version 2)"),
        ({"version": None}, "the snapshot lacks a version"),
        ({"type": 3}, "the snapshot has 3 for str"),
        ({"frames": {}}, "the snapshot has {} for list"),
        ({"frames": [7]}, "a snapshot is a dict"),
        ({"frames": [FRAME.to_dict() | {"code": []}]}, "the snapshot names no code"),
        (
            {"frames": [FRAME.to_dict() | {"code": ["f", "", 1, 0, 9]}]},
            "the snapshot names no code",
        ),
        (
            {"frames": [FRAME.to_dict() | {"locals": [{"name": "x"}]}]},
            "the snapshot has no LocalSnapshot: {'name': 'x'}",
        ),
        ({"gaps": [3]}, "the snapshot has 3 for dict"),
        ({"notes": [3]}, "the snapshot has 3 for str"),
        ({"cause": 3}, "a snapshot is a dict"),
        (
            {"handled": {"version": 1, "code": [], "line": 3}},
            "the snapshot lacks end_line, column, end_column",
        ),
    ],
)
def test_one_line_says_what_is_wrong(change: dict[str, Any], message: str) -> None:
    """A dict of another version or form gives one clear error."""
    with pytest.raises(SnapshotError) as caught:
        TracebackSnapshot.from_dict(TRACEBACK.to_dict() | change)
    assert str(caught.value) == message


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(st.data())
def test_garbage_is_a_snapshot_or_an_error(data: st.DataObject) -> None:
    """Any JSON in any place gives a snapshot or SnapshotError."""
    row = TRACEBACK.to_dict()
    row[data.draw(st.sampled_from(list(row)))] = data.draw(json_values)
    with suppress(SnapshotError):
        assert read_tracebacks([row])[0].to_dict() == row


def test_notes_without_tracebacks_have_none() -> None:
    """What is no list has no tracebacks."""
    assert read_tracebacks(None) == read_tracebacks([]) == []
    assert read_tracebacks([TRACEBACK.to_dict()]) == [TRACEBACK]
