"""Random programs: calls, generators, exceptions and threads, in any order."""

from __future__ import annotations

import threading

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from frametools.calltree import CallTree
from frametools.recording import Recording

# A program is a list of steps; a step is a name and the steps inside of it.
STEPS = st.recursive(
    st.just([]),
    lambda inner: st.lists(
        st.tuples(
            st.sampled_from(
                ["call", "recurse", "generate", "abandon", "throw", "raise", "thread"]
            ),
            inner,
        ),
        max_size=4,
    ),
    max_leaves=12,
)


class Stop(Exception):
    """What the programs raise."""


def call(steps):
    """Do the steps."""
    for name, inner in steps:
        ACTIONS[name](inner)


def recurse(steps, depth=3):
    """Do the steps four frames deep."""
    if depth:
        recurse(steps, depth - 1)
    else:
        call(steps)


def numbers(steps):
    """Do the steps between two items, and answer a throw with a third."""
    yield 1
    call(steps)
    try:
        yield 2
    except Stop:
        yield 3


def generate(steps):
    """Run a generator to its end."""
    return list(numbers(steps))


def abandon(steps):
    """Drop a generator at a yield."""
    generator = numbers(steps)
    next(generator)
    del generator
    call(steps)


def throw(steps):
    """Throw into a generator, and close it."""
    generator = numbers(steps)
    next(generator), next(generator)
    generator.throw(Stop())
    generator.close()


def fail(steps):
    """Do the steps, and raise."""
    call(steps)
    raise Stop


def handle(steps):
    """Handle what fail() raises, and do the steps again."""
    try:
        fail(steps)
    except Stop:
        call(steps)


def thread(steps):
    """Do the steps in a thread."""
    started = threading.Thread(target=call, args=(steps,), name="inner")
    started.start()
    started.join()


ACTIONS = {
    "call": call,
    "recurse": recurse,
    "generate": generate,
    "abandon": abandon,
    "throw": throw,
    "raise": handle,
    "thread": thread,
}

quick = settings(
    max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def own(recording):
    """Give kind, function and depth of the events of this file, by thread."""
    return [
        [
            (event.kind, event.code.qualname)
            for event in recording.thread(number)
            if event.code.filename == __file__
        ]
        for number in range(len(recording.threads))
    ]


@given(steps=STEPS)
@quick
def test_the_events_tell_the_tree(twin, observe, steps):
    """A CallTree derived from the events equals the one that was built."""
    builder = observe(twin.Recorder, lambda: call(steps))
    recording = Recording.from_image(builder.image())
    assert CallTree.from_recording(recording) == recording.tree
    assert recording.tree.unmatched == 0


@given(steps=STEPS)
@quick
def test_twins_agree(both_twins, observe, steps):
    """C and Python record the same events of the program."""
    one, other = (
        Recording.from_image(observe(twin, lambda: call(steps)).image())
        for twin in both_twins
    )
    assert own(one) == own(other)
