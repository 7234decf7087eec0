import gc
import signal
import weakref

import pytest

import frametools.vm

ROUNDS = 50


class StopError(Exception):
    """What the handlers raise."""


def interrupted_often():
    """Count how often a handler has raised out of an endless loop, and where."""
    seen = set()

    def handler(number, frame):
        seen.add(frame.f_code.co_name)
        raise StopError

    def inner(i):
        return [i]

    def work():
        i = 0
        while True:
            i += 1
            inner(i)

    hits = 0
    before = signal.signal(signal.SIGALRM, handler)
    try:
        for turn in range(ROUNDS):
            signal.setitimer(signal.ITIMER_REAL, 0.0003 * (1 + turn % 7))
            try:
                work()
            except StopError:
                hits += 1
    finally:
        signal.signal(signal.SIGALRM, before)
    return hits, seen


def test_a_handler_raises_between_two_instructions():
    """Wherever a signal comes, the program's frame gets what the handler raises."""
    hits, seen = frametools.vm.call(interrupted_often)
    assert hits == ROUNDS
    assert seen <= {"work", "inner", "interrupted_often"}


def raised():
    """Press Ctrl-C."""
    signal.raise_signal(signal.SIGINT)


def test_ctrl_c_is_keyboard_interrupt():
    """Python's own handler is as it was, during and after."""
    with pytest.raises(KeyboardInterrupt):
        frametools.vm.call(raised)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def handler_seen():
    """Say if the handler that was set is the one that is shown."""

    def handler(number, frame):
        return None

    before = signal.signal(signal.SIGALRM, handler)
    try:
        return signal.getsignal(signal.SIGALRM) is handler
    finally:
        signal.signal(signal.SIGALRM, before)


def test_getsignal_gives_the_programs_handler():
    """Nobody sees that handlers are wrapped."""
    assert frametools.vm.call(handler_seen)


class Local:
    """What a frame may keep."""


def kept():
    """Handle a signal; what a local was is returned weakly."""
    local = Local()

    def handler(number, frame):
        raise StopError

    before = signal.signal(signal.SIGALRM, handler)
    try:
        signal.raise_signal(signal.SIGALRM)
    except StopError:
        pass
    finally:
        signal.signal(signal.SIGALRM, before)
    return weakref.ref(local)


def test_no_frame_is_kept():
    """A handled signal keeps no frame alive."""
    gc.disable()
    try:
        assert frametools.vm.call(kept)() is None
    finally:
        gc.enable()
