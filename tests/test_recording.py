"""Recordings: events in order, lives of frames, comparison, bounds and files."""

from __future__ import annotations

import gc
import tracemalloc
from array import array
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frametools import _image
from frametools._image import Image, ImageError, layout
from frametools.events import CodeKind, CodeRef, Event, EventKind
from frametools.recording import Builder, FrameLife, Recording, Writer
from frametools.snapshot import FrameSnapshot, TracebackSnapshot

if TYPE_CHECKING:
    from pathlib import Path

F, G = CodeRef("f", "app.py", 1, 3), CodeRef("g", "app.py", 5, 0x23)
ERROR = CodeRef("ValueError", kind=CodeKind.EXCEPTION_TYPE)
START, RESUME, THROW, RETURN, YIELD, UNWIND = list(EventKind)[:6]


class Step(NamedTuple):
    """What a script tells the builder to do, in a thread."""

    thread: int
    kind: EventKind
    code: CodeRef = F
    frame: int = 0
    argument: int = 0
    target: CodeRef | None = None


def _play(
    steps: list[Step],
    *,
    pause: int = 1,
    first_frame: int = 0,
    names: tuple[str, ...] = ("MainThread", "Worker"),
    max_events: int = 1000,
    keep: str = "first",
) -> Recording:
    """Record the steps, `pause` ns apart, with serials counted from another number."""
    builder = Builder(max_events=max_events, keep=keep)
    for name in names:
        builder.thread(name)
    for number, step in enumerate(steps):
        time = number * pause
        if step.kind.enters:
            frame = step.frame + first_frame
            builder.enter(step.thread, step.kind, step.code, time, frame)
        elif step.kind.leaves:
            builder.leave(step.thread, step.kind, time)
        else:
            builder.event(step.thread, step.kind, time, step.argument, step.target)
    return builder.finish()


EXAMPLE = [
    Step(0, START, F, 1),
    Step(0, EventKind.LINE, argument=2),
    Step(0, START, G, 2),
    Step(1, START, F, 3),
    Step(0, YIELD),
    Step(1, RETURN),
    Step(0, RESUME, G, 2),
    Step(0, EventKind.RAISE, target=ERROR),
    Step(0, UNWIND),
    Step(0, RETURN),
]


@st.composite
def scripts(draw: st.DrawFn) -> list[Step]:
    """Any steps in two threads whose leaves have their enters."""
    steps: list[Step] = []
    stacks: list[list[Step]] = [[], []]
    waiting: list[Step] = []
    for serial in range(1, draw(st.integers(1, 30))):
        thread = draw(st.integers(0, 1))
        action = draw(st.sampled_from("call leave yield resume line raise".split()))
        stack = stacks[thread]
        if action == "call" or (action == "resume" and not waiting):
            code = draw(st.sampled_from([F, G]))
            steps.append(Step(thread, START, code, serial))
            stack.append(steps[-1])
        elif action == "resume":
            kind = draw(st.sampled_from([RESUME, THROW]))
            steps.append(waiting.pop()._replace(thread=thread, kind=kind))
            stack.append(steps[-1])
        elif not stack:
            continue
        elif action == "line":
            steps.append(Step(thread, EventKind.LINE, argument=serial))
        elif action == "raise":
            steps.append(Step(thread, EventKind.RAISE, target=ERROR))
        elif action == "yield":
            steps.append(Step(thread, YIELD))
            waiting.append(stack.pop())
        else:
            steps.append(Step(thread, draw(st.sampled_from([RETURN, UNWIND]))))
            stack.pop()
    return steps


# --- events ---


def test_events_in_the_order_of_time() -> None:
    """Iteration goes through all threads by time; `thread` through one."""
    recording = _play(EXAMPLE)
    assert len(recording) == 10
    assert [event.kind for event in recording] == [step.kind for step in EXAMPLE]
    assert list(recording)[:4] == [
        Event(START, F, 1, 1, 0, 0),
        Event(EventKind.LINE, F, 1, 1, 1, 0, 2),
        Event(START, G, 2, 2, 2, 0),
        Event(START, F, 1, 3, 3, 1),
    ]
    assert list(recording)[7] == Event(EventKind.RAISE, G, 2, 2, 7, 0, 0, ERROR)
    assert [event.time for event in recording.thread(1)] == [3, 5]
    assert list(recording.thread(9)) == []
    assert repr(recording) == "<Recording: 10 events in 2 threads>"


def test_ticks_become_nanoseconds(tmp_path: Path) -> None:
    """Times of events are ns, whatever the clock of the file counts."""
    image = Image()
    image.codes = [F]
    node = image.add_node(image.add_thread("Main").root, 0)
    image.ns_per_tick, image.tick_start = 0.5, 700
    image.events[0] = array("Q")
    for tick in (0, 101, 2**40):
        image.events[0].frombytes(layout.ROW.pack(tick << 8 | START, node, 1))
    recording = Recording.from_image(_image.write(image))
    assert [event.time for event in recording] == [0, 51, 2**39]
    recording.save(tmp_path / "a")
    assert list(Recording.load(tmp_path / "a")) == list(recording)


def test_events_of_lost_nodes_and_names_are_marked() -> None:
    """An event whose code did not reach the file says so."""
    image = Image()
    image.codes = [F]
    node = image.add_node(image.add_thread("Main").root, 0)
    image.events[0] = array("Q", layout.ROW.pack(1, 0, 1))
    image.events[0].frombytes(layout.ROW.pack(EventKind.RAISE, node, 77))
    lost, unnamed = Recording(image)
    assert (lost.code, lost.depth) == (layout.LOST, 0)
    assert unnamed.target == layout.LOST


# --- files ---


@given(scripts())
def test_what_is_saved_is_loaded(steps: list[Step]) -> None:
    """A recording comes back from its bytes with every event, and its tree."""
    recording = _play(steps)
    again = Recording.from_image(_image.write(recording.to_image()))
    assert list(again) == list(recording)
    assert again == recording
    assert again.tree == recording.tree
    assert again.threads == recording.threads


def test_save_and_load_keep_tracebacks(tmp_path: Path) -> None:
    """Tracebacks are kept in the file beside the events, and nowhere else."""
    recording = _play(EXAMPLE)
    frame = FrameSnapshot(G, 6, 6, 4, 9)
    snapshot = TracebackSnapshot("ValueError", "no", (frame,), 1, None, escaped=True)
    recording.tracebacks = [snapshot]
    recording.save(tmp_path / "a.frames")
    again = Recording.load(tmp_path / "a.frames")
    assert again.tracebacks == [snapshot]
    again.tracebacks = []
    again.save(tmp_path / "a.frames")
    assert Recording.load(tmp_path / "a.frames").tracebacks == []


@given(scripts(), st.data())
def test_garbage_is_a_recording_or_one_clear_error(
    steps: list[Step], data: st.DataObject
) -> None:
    """Flipped bytes give ImageError, or events that can be gone through."""
    raw = bytearray(_image.write(_play(steps).to_image()))
    for at in data.draw(st.lists(st.integers(4096, len(raw) - 1), max_size=5)):
        raw[at] = data.draw(st.integers(0, 255))
    with suppress(ImageError):
        recording = Recording.from_image(bytes(raw))
        assert len(list(recording)) == len(recording)
        recording.frames()
        assert (
            recording == recording.tree or recording.first_difference(recording) is None
        )


# --- comparison ---


@given(scripts(), st.integers(2, 1000), st.integers(1, 1000))
def test_equality_ignores_times_and_serials(
    steps: list[Step], pause: int, first_frame: int
) -> None:
    """The same events are equal, whenever they came and however frames are numbered."""
    assert _play(steps) == _play(steps, pause=pause, first_frame=first_frame)


@given(scripts())
def test_equality_ignores_the_order_of_threads(steps: list[Step]) -> None:
    """Threads are known by name: which came first does not matter."""
    swapped = [step._replace(thread=1 - step.thread) for step in steps]
    one, other = _play(steps), _play(swapped, names=("Worker", "MainThread"))
    assert one == other
    for thread in 0, 1:
        mine = [step.kind for step in steps if step.thread == thread]
        assert [event.kind for event in one.thread(thread)] == mine


@pytest.mark.parametrize(
    ("position", "step"),
    [
        (0, Step(0, START, G, 1)),
        (1, Step(0, EventKind.LINE, argument=3)),
        (2, Step(0, START, G, 1)),
        (3, Step(1, THROW, F, 3)),
        (6, Step(0, RESUME, G, 4)),
        (7, Step(0, EventKind.RAISE, target=ERROR._replace(qualname="OSError"))),
        (7, Step(0, EventKind.RERAISE, target=ERROR)),
        (8, Step(0, RETURN)),
    ],
)
def test_one_other_event_is_the_first_difference(position: int, step: Step) -> None:
    """Kind, code, line, target and identity of the frame each count."""
    other = [*EXAMPLE[:position], step, *EXAMPLE[position + 1 :]]
    difference = _play(EXAMPLE).first_difference(_play(other))
    assert difference is not None
    mine = [at for at, each in enumerate(EXAMPLE) if each.thread == step.thread]
    assert difference.thread == ("MainThread", "Worker")[step.thread]
    assert difference.position == mine.index(position)
    assert difference.mine is not None
    assert difference.mine.kind == EXAMPLE[position].kind
    assert difference.theirs is not None
    assert difference.theirs.kind == step.kind


def test_a_difference_is_told_in_three_lines() -> None:
    """The text names the thread, the event of each, and where it was."""
    one, other = _play(EXAMPLE), _play(EXAMPLE[:7])
    assert one != other
    assert str(one.first_difference(other)) == (
        "event 5 of thread 'MainThread':\n"
        "  RAISE ValueError in g at depth 2, frame 2\n"
        "  no event"
    )
    assert str(other.first_difference(one)).splitlines()[1:] == [
        "  no event",
        "  RAISE ValueError in g at depth 2, frame 2",
    ]
    assert one != "a recording"


def test_a_thread_that_only_one_has() -> None:
    """A thread without events is no difference; one with events is."""
    alone = [step for step in EXAMPLE if step.thread == 0]
    assert _play(alone) == _play(alone, names=("MainThread",))
    difference = _play(alone).first_difference(_play(EXAMPLE))
    assert difference is not None
    assert (difference.thread, difference.position, difference.mine) == (
        "Worker",
        0,
        None,
    )


# --- lives of frames ---


def test_lives_of_frames() -> None:
    """A life tells when a frame was entered, ran and waited, and how it was left."""
    f, g, worker = _play(EXAMPLE).frames()
    assert f == FrameLife(1, F, 1, 0, 0, 9, RETURN, [(0, 9)])
    assert g == FrameLife(2, G, 2, 0, 2, 8, UNWIND, [(2, 4), (6, 8)])
    assert g.suspended == [(4, 6)]
    assert worker == FrameLife(3, F, 1, 1, 3, 5, RETURN, [(3, 5)])
    assert f.suspended == []


def test_lives_that_are_seen_in_part() -> None:
    """What began before, or did not end, has None for it."""
    builder = Builder()
    main = builder.thread("MainThread")
    builder.enter(main, RESUME, G, 5, 1)
    builder.enter(main, START, F, 6, 2)
    builder.enter(main, START, F, 7, 0)
    resumed, started = builder.finish().frames()
    assert (resumed.entered, resumed.left, resumed.spans) == (None, None, [(5, None)])
    assert (started.entered, started.left, started.how) == (6, None, None)


def test_a_generator_that_goes_on_in_another_thread() -> None:
    """A frame is one life, in whichever threads it runs."""
    steps = [Step(0, START, G, 1), Step(0, YIELD), Step(1, RESUME, G, 1)]
    (life,) = _play([*steps, Step(1, RETURN)]).frames()
    assert (life.thread, life.spans) == (0, [(0, 1), (2, 3)])


@given(scripts())
def test_every_enter_begins_a_span(steps: list[Step]) -> None:
    """Spans of all lives are as many as enters; their ends as many as leaves."""
    lives = _play(steps).frames()
    assert sum(len(life.spans) for life in lives) == sum(s.kind.enters for s in steps)
    ends = [end for life in lives for _, end in life.spans if end is not None]
    assert len(ends) == sum(step.kind.leaves for step in steps)
    for life in lives:
        moments = [
            moment for span in life.spans for moment in span if moment is not None
        ]
        assert moments == sorted(moments)
        assert (life.left is None) == (life.how is None)


# --- bounds ---


@given(
    st.lists(st.integers(0, 2), max_size=60),
    st.integers(0, 40),
    st.sampled_from(["first", "last"]),
)
def test_the_bound_is_kept_and_told(threads: list[int], most: int, keep: str) -> None:
    """Never more rows than asked for: the first ones, or the last of each thread."""
    image = Image()
    for _ in range(3):
        image.add_thread("T")
    writer = Writer(most, keep)
    for time, thread in enumerate(threads):
        writer.add(thread, START, 1, time, 5)
        assert writer.count <= most
    writer.put(image)
    recording = Recording(image)
    assert len(recording) == writer.count <= most
    assert len(recording) + recording.dropped == len(threads)
    assert recording.cut == ("" if not recording.dropped else _cut(keep))
    for thread in range(3):
        given_times = [time for time, each in enumerate(threads) if each == thread]
        kept = [event.time for event in recording.thread(thread)]
        count = len(kept)
        end = given_times[len(given_times) - count :]
        assert kept == (given_times[:count] if keep == "first" else end)


def _cut(keep: str) -> str:
    return "late" if keep == "first" else "early"


def test_only_a_part_of_the_last_rows_goes_at_a_time() -> None:
    """With `keep="last"` at least three quarters of the bound stay."""
    writer = Writer(10_000, "last")
    for time in range(50_000):
        writer.add(0, START, 1, time)
        assert writer.count >= min(time + 1, 7_500)


def test_another_keep_is_an_error() -> None:
    """There are two ends to keep."""
    with pytest.raises(ValueError, match=r'keep is "first" or "last"'):
        Writer(1, "middle")


def test_a_bounded_recording_still_has_its_tree() -> None:
    """What was cut off is missing in the events, not in the tree."""
    recording = _play(EXAMPLE, max_events=4)
    assert (len(recording), recording.cut, recording.dropped) == (4, "late", 6)
    assert sum(recording.tree.calls) == 3


# --- memory ---


def test_an_event_takes_16_bytes() -> None:
    """A recording holds rows, not events."""
    writer, image, count = Writer(), Image(), 100_000
    image.codes = [F]
    node = image.add_node(image.add_thread("Main").root, 0)
    for time in range(count):
        writer.add(0, START, node, time, 1)
    writer.put(image)
    data = _image.write(image)
    gc.collect()
    tracemalloc.start()
    try:
        recording = Recording.from_image(data)
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(recording) == count
    assert held < 16 * count * 1.02 + 50_000
