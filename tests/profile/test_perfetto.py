"""The time line for Perfetto: threads and tasks as tracks, marks, bounds."""

from __future__ import annotations

import gc
import json
from collections import defaultdict
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from frametools.calltree import CallTree
from frametools.events import CodeRef, EventKind
from frametools.profile import _report
from frametools.recording import Builder
from tests.profile.conftest import FIB, MAIN, RUN, rendered
from tests.profile.running import profile, report, script

START, RESUME = EventKind.PY_START, EventKind.PY_RESUME
RETURN, YIELD, UNWIND = EventKind.PY_RETURN, EventKind.PY_YIELD, EventKind.PY_UNWIND
WORK = CodeRef("work", "/src/app.py", 30, 0x83)
GET = CodeRef("get", "/src/app.py", 40, 0x83)


def trace(builder: Builder, folder: Path, **options: Any) -> dict[str, Any]:
    """Write the time line of what a builder was told, and parse it."""
    path = folder / "a.frames"
    builder.finish().save(path)
    return shown(path, **options)


def shown(path: Path, **options: Any) -> dict[str, Any]:
    """Parse the time line of a data file."""
    text = rendered(CallTree.load(path), "perfetto", data=str(path), **options)
    return json.loads(text)  # type: ignore[no-any-return]


def spans(data: dict[str, Any]) -> dict[str, list[tuple[str, float, float, str]]]:
    """By track: (name, begin, end, how it was left), in the order of their ends.

    Fails where spans of a track do not nest, or time goes back.
    """
    found, stacks = defaultdict(list), defaultdict(list)
    for event in data["traceEvents"]:
        if event["ph"] not in ("B", "E", "b", "e"):
            continue
        thread = f"thread {event['tid'] - event['pid']}"
        track = event["id2"]["local"] if "id2" in event else thread
        if event["ph"] in "Bb":
            stacks[track].append(event)
            continue
        begun = stacks[track].pop()
        assert begun["ts"] <= event["ts"]
        assert event.get("name", begun["name"]) == begun["name"]
        left = event.get("args", {}).get("left", "")
        found[track].append((begun["name"], begun["ts"], event["ts"], left))
    assert not any(stacks.values())
    return dict(found)


def marks(data: dict[str, Any]) -> list[tuple[str, float, str]]:
    """Every mark: its name, its time, and in which function."""
    events = [event for event in data["traceEvents"] if event["ph"] == "i"]
    return [(event["name"], event["ts"], event["args"]["in"]) for event in events]


def test_calls_of_a_thread(tmp_path: Path) -> None:
    """Each call is a span; a suspension and an exception end it in their own way."""
    builder = Builder()
    thread = builder.thread("MainThread")
    builder.enter(thread, START, MAIN, 1_000, 1)
    builder.enter(thread, START, RUN, 2_001, 2)
    builder.leave(thread, YIELD, 3_000)
    builder.enter(thread, RESUME, RUN, 4_000, 2)
    builder.enter(thread, START, FIB, 5_000, 3)
    builder.leave(thread, UNWIND, 6_000)
    builder.leave(thread, UNWIND, 7_000)
    builder.leave(thread, RETURN, 9_000)
    data = trace(builder, tmp_path)
    assert spans(data) == {
        "thread 0": [
            ("run", 2.001, 3, "suspended"),
            ("fib", 5, 6, "exception"),
            ("run", 4, 7, "exception"),
            ("<module>", 1, 9, ""),
        ]
    }
    assert marks(data) == [("exception", 6, "fib")]
    entered = [e["args"].get("entered") for e in data["traceEvents"] if e["ph"] == "B"]
    assert entered == [None, None, "resumed", None]
    names = {e["name"]: e["args"] for e in data["traceEvents"] if e["ph"] == "M"}
    assert names["thread_name"] == {"name": "MainThread"}


def test_a_task_is_a_track(tmp_path: Path) -> None:
    """From its start to its end, with what it awaits and when it was suspended."""
    builder = Builder()
    thread = builder.thread("MainThread")
    builder.enter(thread, START, RUN, 0, 1)
    builder.enter(thread, START, WORK, 1_000, 7)
    builder.enter(thread, START, GET, 2_000, 8)
    builder.leave(thread, YIELD, 3_000)
    builder.leave(thread, YIELD, 3_000)
    builder.enter(thread, START, WORK, 4_000, 9)
    builder.leave(thread, RETURN, 5_000)
    builder.enter(thread, RESUME, WORK, 6_000, 7)
    builder.enter(thread, RESUME, GET, 6_000, 8)
    builder.leave(thread, RETURN, 7_000)
    builder.leave(thread, RETURN, 8_000)
    builder.leave(thread, RETURN, 9_000)
    found = spans(trace(builder, tmp_path))
    assert found["0x7"] == [
        ("suspended", 3, 6, ""),
        ("get", 2, 7, ""),
        ("work", 1, 8, ""),
    ]
    assert found["0x9"] == [("work", 4, 5, "")]
    assert len(found["thread 0"]) == 6


def test_a_task_begun_eagerly(tmp_path: Path) -> None:
    """It runs inside its maker at first, and is a task of its own when resumed."""
    builder = Builder()
    thread = builder.thread("MainThread")
    builder.enter(thread, START, WORK, 0, 1)
    builder.enter(thread, START, GET, 1_000, 2)
    builder.leave(thread, YIELD, 2_000)
    builder.leave(thread, YIELD, 3_000)
    builder.enter(thread, RESUME, GET, 4_000, 2)
    builder.leave(thread, RETURN, 5_000)
    found = spans(trace(builder, tmp_path))
    assert found["0x2"] == [("get", 4, 5, "")]
    assert ("get", 1, 4, "not seen to end") in found["0x1"]


def test_a_raise_is_marked_with_its_type(tmp_path: Path) -> None:
    """Where it begins and where it is handled, not in each frame that it leaves."""
    builder = Builder()
    thread = builder.thread("MainThread")
    builder.enter(thread, START, MAIN, 0, 1)
    builder.enter(thread, START, FIB, 1_000, 2)
    error = CodeRef("KeyError")
    builder.event(thread, EventKind.RAISE, 2_000, target=error)
    builder.leave(thread, UNWIND, 3_000)
    builder.event(thread, EventKind.RAISE, 3_500, target=error)
    builder.event(thread, EventKind.EXCEPTION_HANDLED, 4_000, target=error)
    builder.leave(thread, RETURN, 5_000)
    assert marks(trace(builder, tmp_path)) == [
        ("raise KeyError", 2, "fib"),
        ("handled KeyError", 4, "<module>"),
    ]


def test_the_shortest_are_left_out(tmp_path: Path) -> None:
    """No more spans than the limit, over the whole run; and it is said."""
    builder = Builder()
    thread = builder.thread("MainThread")
    builder.enter(thread, START, MAIN, 0, 1)
    for at in range(20):
        builder.enter(thread, START, RUN, at * 10_000, 2 * at + 2)
        builder.enter(thread, START, FIB, at * 10_000 + 1, 2 * at + 3)
        builder.leave(thread, RETURN, at * 10_000 + 5)
        builder.leave(thread, RETURN, at * 10_000 + 5_000)
    builder.leave(thread, RETURN, 200_000)
    data = trace(builder, tmp_path, limit=21)
    (found,) = spans(data).values()
    assert [name for name, *_ in found] == ["run"] * 20 + ["<module>"]
    other = data["otherData"]
    assert (other["spans"], other["spans_left_out"]) == (21, 20)
    assert "the shortest 20 of 41 spans are left out" in other["notices"]
    assert len(spans(shown(tmp_path / "a.frames"))["thread 0"]) == 41
    assert spans(shown(tmp_path / "a.frames", limit=0)) == {}


def test_odd_names(tmp_path: Path) -> None:
    """Whatever a name holds, the file is JSON, and in ASCII."""
    name = '"\n\x1b解\udcff\\' + "x" * 5_000
    builder = Builder()
    thread = builder.thread('a"b')
    builder.enter(thread, START, FIB._replace(qualname=name), 0, 1)
    builder.leave(thread, RETURN, 1)
    (found,) = spans(trace(builder, tmp_path))["thread 0"]
    assert found[0] == '"\\n\\x1b解\\udcff\\' + "x" * 5_000


def test_without_events_it_says_what_is_missing(tree: CallTree, tmp_path: Path) -> None:
    """One line, status 2, and an older file stays."""
    with pytest.raises(_report.LackingError):
        rendered(CallTree(), "perfetto")
    tree.save(tmp_path / "a.frames")
    (tmp_path / "a.json").write_text("older")
    done = report(tmp_path, "a.frames", "-f", "perfetto", "-o", "a.json")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert "frametools profile --record" in done.stderr
    assert (tmp_path / "a.json").read_text() == "older"
    assert len(list(tmp_path.iterdir())) == 2


PROGRAM = """
import asyncio, threading

async def leaf():
    await asyncio.sleep(0)

async def job():
    await leaf()
    raise KeyError

async def main():
    await asyncio.gather(job(), job(), return_exceptions=True)

thread = threading.Thread(target=len, args=("x",), name="other")
thread.start(); thread.join()
asyncio.run(main())
"""


def test_a_real_program(tmp_path: Path) -> None:
    """Every track of an asyncio program nests; each task has its own."""
    script(tmp_path, PROGRAM)
    words = ("--record", "--c-calls", "--no-report", "-o", "a.frames", "app.py")
    assert profile(tmp_path, *words).returncode == 0
    done = report(tmp_path, "a.frames", "-f", "perfetto")
    assert (done.returncode, done.stderr) == (0, "")
    found = spans(json.loads(done.stdout))
    jobs = [rows for key, rows in found.items() if rows[-1][0] == "job"]
    assert len(jobs) == 2
    for rows in jobs:
        assert {"job", "leaf", "suspended"} <= {name for name, *_ in rows}
        assert rows[-1][3] == "exception"


def test_no_frame_is_kept(tmp_path: Path) -> None:
    """Writing it leaves no frame behind."""

    def write() -> set[int]:
        builder = Builder()
        thread = builder.thread("MainThread")
        builder.enter(thread, START, MAIN, 0, 1)
        builder.leave(thread, RETURN, 1)
        trace(builder, tmp_path)
        gc.collect()
        return {id(each) for each in gc.get_objects() if type(each) is FrameType}

    write()
    before = write()
    assert len(write()) <= len(before)
