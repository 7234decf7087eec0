"""The tree that events tell is the one that was kept beside them."""

from __future__ import annotations

from array import array

from hypothesis import given
from hypothesis import strategies as st

from frametools._image import Image, layout
from frametools.calltree import CallTree
from frametools.events import CodeKind, CodeRef, EventKind
from frametools.recording import Builder, Recording

CODES = [CodeRef(name, "app.py", line) for line, name in enumerate("fghk", 1)]
numbers = st.integers(0, 1000)


@st.composite
def recordings(draw: st.DrawFn) -> Recording:
    """Any run of calls, generators, coroutines and exceptions in a few threads."""
    builder = Builder()
    threads = [builder.thread(f"T{at}") for at in range(draw(st.integers(1, 3)))]
    stacks: list[list[tuple[CodeRef, int]]] = [[] for _ in threads]
    waiting: list[tuple[CodeRef, int]] = []
    serial = 0
    for time in range(draw(st.integers(0, 40))):
        thread = draw(st.sampled_from(threads))
        stack = stacks[thread]
        step = draw(st.sampled_from("call call back yield resume throw line".split()))
        if step == "call":
            serial += 1
            stack.append((draw(st.sampled_from(CODES)), serial))
            builder.enter(thread, EventKind.PY_START, stack[-1][0], time, serial)
        elif step in {"resume", "throw"} and waiting:
            stack.append(waiting.pop(draw(st.integers(0, len(waiting) - 1))))
            is_throw = step == "throw"
            kind = EventKind.PY_THROW if is_throw else EventKind.PY_RESUME
            builder.enter(thread, kind, stack[-1][0], time, stack[-1][1])
        elif step == "yield" and stack:
            builder.leave(thread, EventKind.PY_YIELD, time)
            waiting.append(stack.pop())
        elif step == "back" and stack:
            how = draw(st.sampled_from([EventKind.PY_RETURN, EventKind.PY_UNWIND]))
            builder.leave(thread, how, time)
            stack.pop()
        elif step == "line" and stack:
            builder.event(thread, EventKind.LINE, time, draw(numbers))
    return builder.finish()


@given(recordings())
def test_events_tell_the_tree_that_was_kept_beside_them(recording: Recording) -> None:
    """The tree derived from the events is the one the builder kept, times too."""
    derived = CallTree.from_recording(recording)
    assert derived == recording.tree
    for row in derived.diff(recording.tree):
        assert recording.tree.kind[row.after] == layout.ROOT


def test_c_functions_of_events() -> None:
    """CALL, C_RETURN and C_RAISE of C functions make their nodes."""
    image = Image()
    image.codes = [CODES[0], CodeRef("builtins.sorted", kind=CodeKind.C_FUNCTION)]
    root = image.add_thread("Main").root
    f = image.add_node(root, 0)
    c = image.add_node(f, 1, layout.C_FUNCTION)
    key = image.add_node(c, 0)
    image.calls = array("Q", [0, 0, 1, 2, 1])
    image.returns = array("Q", [0, 0, 1, 1, 0])
    image.unwinds = array("I", [0, 0, 0, 1, 1])
    rows = [(1, f, 1), (8, f, 1), (9, f, 1), (8, f, 1)]
    rows += [(1, key, 2), (6, key, 2), (10, f, 1), (4, f, 1)]
    image.events[0] = array("Q")
    for time, (kind, node, argument) in enumerate(rows):
        row = layout.ROW.pack(time << 8 | kind, node, argument)
        image.events[0].frombytes(row)
    recording = Recording(image)
    derived = CallTree.from_recording(recording)
    assert derived == recording.tree
    assert [derived.wall[node] for node in (f, c, key)] == [7, 4, 1]


def test_frames_that_ran_before_are_put_below() -> None:
    """The first event of a thread may be deep on its stack, or leave it."""
    image = Image()
    image.codes = list(CODES)
    main = image.add_thread("Main")
    f = image.add_node(main.root, 0)
    g = image.add_node(f, 1)
    h = image.add_node(g, 2)
    image.calls[h] = image.returns[h] = image.returns[g] = 1
    main.first = main.last = 3
    image.events[0] = array("Q")
    for time, kind, node in (5, 1, h), (6, 4, h), (9, 4, g):
        image.events[0].frombytes(layout.ROW.pack(time << 8 | kind, node, 0))
    recording = Recording(image)
    derived = CallTree.from_recording(recording)
    assert derived == recording.tree
    names = [derived.ref(node).qualname for node in derived.path(max(derived.walk()))]
    assert names == ["f", "g", "h"]


@given(st.lists(st.integers(0, 1000), max_size=15), st.data())
def test_any_rows_give_a_tree(parents: list[int], data: st.DataObject) -> None:
    """Events that make no sense, or were cut, never raise."""
    image = Image()
    image.codes = list(CODES)
    image.add_thread("Main")
    for number, parent in enumerate(parents):
        kind = layout.C_FUNCTION if parent % 4 == 0 else layout.PYTHON
        image.add_node(1 + parent % (len(image.parent) - 1), number % 4, kind)
    rows = st.tuples(
        st.integers(0, 50),
        st.integers(1, 19),
        st.integers(0, len(image.parent) - 1),
        st.integers(0, 5),
    )
    image.events[0] = array("Q")
    for time, kind, node, argument in data.draw(st.lists(rows, max_size=20)):
        image.events[0].frombytes(layout.ROW.pack(time << 8 | kind, node, argument))
    recording = Recording(image)
    derived = CallTree.from_recording(recording)
    entered = sum(event.kind.enters for event in recording if event.depth)
    assert sum(map(derived.activations, derived.walk())) >= entered
    assert len(list(recording)) == len(recording)
    moves = [event for event in recording if event.kind.enters or event.kind.leaves]
    frames = {life.frame for life in recording.frames()}
    assert frames == {event.frame for event in moves} - {0}
