"""Recorder: the events in order, and the tree that they tell."""

from __future__ import annotations

import pytest

from frametools.calltree import CallTree
from frametools.events import CodeKind, EventKind
from frametools.recording import Recording

# Which thread, or which turn of the loop, makes a call is chance; or it depends on
# the stack that the callbacks need.
BY_CHANCE = {
    "programs.kept_by_generators",  # what is kept when it begins is closed first
    "programs.recursion_error",
    "programs.thread_pool",
    "programs.threads",
    "programs.thread_bare",
    "programs.thread_exceptions",
    "programs.thread_frames",
    "programs.thread_locals",
    "programs.thread_generators",
    "programs.thread_one_after_another",
    "programs.asyncio_cancel",
    "programs.asyncio_exceptions",
    "programs.asyncio_gather",
    "programs.asyncio_queue",
}


def record(observe, make, function, **options):
    """Run a function and give its Recording."""
    return Recording.from_image(observe(make, function, **options).image())


def test_tree_of_the_events_is_the_tree_that_was_built(twin, program, observe):
    """A CallTree derived from the rows equals the one the recorder made."""
    if program.__name__ == "programs.greenlets":
        pytest.skip("rows do not tell of switches")
    recording = record(observe, twin.Recorder, program.main)
    assert CallTree.from_recording(recording) == recording.tree
    assert recording.dropped == 0


def test_recorder_builds_the_tree_of_the_tree_builder(twin, program, observe):
    """Recording changes nothing in the tree."""
    if program.__name__ in BY_CHANCE:
        pytest.skip("the program's calls are not the same each time")
    tree = CallTree.from_image(observe(twin.TreeBuilder, program.main).image())
    assert record(observe, twin.Recorder, program.main).tree == tree


def test_twins_record_the_same(both_twins, program, observe):
    """C and Python write the same events."""
    if program.__name__ in BY_CHANCE:
        pytest.skip("the program's calls are not the same each time")
    one, other = (record(observe, twin, program.main) for twin in both_twins)
    assert one.first_difference(other) is None
    assert one == other
    assert one.tree == other.tree


def test_twins_record_the_same_c_functions(both_twins, load_program, observe):
    """With C functions too, whatever they are called on."""
    for name in ("c_functions", "sort_key_callbacks", "exceptions_in_c", "callables"):
        main = load_program(name).main
        one, other = (record(observe, t, main, c_calls=True) for t in both_twins)
        assert one.first_difference(other) is None
        assert one.tree == other.tree


def test_serials_name_frames(twin, load_program, observe):
    """A generator's frame keeps its number over its suspensions."""
    main = load_program("generator_interleaved").main
    recording = record(observe, twin.Recorder, main)
    lives = [x for x in recording.frames() if x.code.qualname == "count"]
    assert len({life.frame for life in lives}) == 3
    # The first of them is closed at a yield, which 3.13 does not tell.
    assert [len(life.spans) for life in lives][1:] == [3, 5]
    assert [life.how for life in lives][1:] == [EventKind.PY_RETURN] * 2


def test_lives_of_coroutines(twin, load_program, observe):
    """A coroutine has as many spans as it was driven, and ends by a return."""
    recording = record(observe, twin.Recorder, load_program("coroutines").main)
    (life,) = (x for x in recording.frames() if x.code.qualname == "steps")
    assert len(life.spans) == 3
    assert life.how is EventKind.PY_RETURN


def test_times_ascend(twin, load_program, observe):
    """In each thread the rows are in order, from 0 on."""
    recording = record(observe, twin.Recorder, load_program("recursion").main)
    times = [event.time for event in recording.thread(0)]
    assert times == sorted(times)
    assert times[0] >= 0


def test_depth_counts_from_one(twin, load_program, observe):
    """The program's outermost frame has depth 1."""
    recording = record(observe, twin.Recorder, load_program("plain_calls").main)
    events = list(recording.thread(0))
    assert (events[0].code.qualname, events[0].depth) == ("main", 1)
    assert {event.depth for event in events if event.code.qualname == "leaf"} == {
        min(event.depth for event in events if event.code.qualname == "leaf")
    }


def test_keep_first(twin, load_program, observe):
    """With a bound the first events stay, and the rest is counted."""
    main = load_program("recursion").main
    whole = record(observe, twin.Recorder, main)
    cut = record(observe, twin.Recorder, main, max_events=100)
    assert (len(cut), cut.cut, cut.dropped) == (100, "late", len(whole) - 100)
    assert [e.kind for e in cut] == [e.kind for e in whole][:100]
    assert cut.tree == whole.tree


def test_keep_last(twin, load_program, observe):
    """With keep="last" the last ones stay, fewer than the bound or as many."""
    main = load_program("recursion").main
    whole = record(observe, twin.Recorder, main)
    cut = record(observe, twin.Recorder, main, max_events=200, keep="last")
    assert 0 < len(cut) <= 200
    assert (cut.cut, cut.dropped) == ("early", len(whole) - len(cut))
    assert [e.kind for e in cut] == [e.kind for e in whole][-len(cut) :]
    assert cut.tree == whole.tree


def test_keep_last_keeps_most(twin, observe):
    """Of many events, at least 80 % of the bound are there at any time."""

    def step():
        pass

    def main():
        for _ in range(1000):
            step()

    cut = record(observe, twin.Recorder, main, max_events=100, keep="last")
    assert cut.dropped + len(cut) >= 2000
    assert 80 <= len(cut) <= 100


def test_keep_is_checked(twin):
    """A word other than first and last is a ValueError, and so are sampled times."""
    with pytest.raises(ValueError, match="keep"):
        twin.Recorder(keep="middle")
    with pytest.raises(ValueError, match="sampled"):
        twin.Recorder(sampled=True)


def test_lines(twin, load_program, observe):
    """LINE events have the running frame's node and the line."""
    module = load_program("lambdas")
    recording = record(observe, twin.Recorder, module.main, events=("LINE",))
    lines = [e for e in recording if e.kind is EventKind.LINE]
    first = module.apply.__code__.co_firstlineno + 1
    assert {e.argument for e in lines if e.code.qualname == "apply"} >= {first}
    assert all(e.depth > 0 for e in lines)


def test_raises(twin, load_program, observe, has_monitoring):
    """RAISE events name the exception's type."""
    main = load_program("exceptions_handled").main
    recording = record(observe, twin.Recorder, main, events=("RAISE",))
    raised = [e for e in recording if e.kind is EventKind.RAISE]
    assert {e.target.qualname for e in raised} == {"ValueError"}
    assert {e.target.kind for e in raised} == {CodeKind.EXCEPTION_TYPE}
    handled = [e for e in recording if e.kind is EventKind.EXCEPTION_HANDLED]
    assert bool(handled) == has_monitoring


def test_calls_asked_for(twin, load_program, observe, has_monitoring):
    """CALL events name each callee: functions, classes and C functions."""
    if not has_monitoring:
        pytest.skip("3.11 has no CALL event for Python functions")
    main = load_program("callables").main
    recording = record(observe, twin.Recorder, main, events=("CALL",))
    callees = {e.target.qualname for e in recording if e.kind is EventKind.CALL}
    assert {"Adder", "builtins.max"} <= callees
    assert {"add", "Adder.__call__"} & callees == set()


def test_twins_record_the_same_extra_events(both_twins, load_program, observe):
    """LINE, RAISE and CALL too."""
    for name in ("exceptions_handled", "callables", "with_statements", "generators"):
        main = load_program(name).main
        for extra in ("LINE", "RAISE"):
            one, other = (
                record(observe, twin, main, events=(extra,)) for twin in both_twins
            )
            assert one.first_difference(other) is None
