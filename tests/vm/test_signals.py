import gc
import signal
import sys
import time
import weakref
from types import FunctionType

import pytest

import frametools.vm
from frametools.vm import code, instrumentation

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


def signal_in(monkeypatch, module, name, wanted):
    """Have a function of ours send SIGUSR1, once, for the code of this name."""
    plain = getattr(module, name)
    sent = []

    def interrupting(code, *args):
        if getattr(code, "co", code).co_name == wanted and not sent:
            sent.append(signal.raise_signal(signal.SIGUSR1))
        return plain(code, *args)

    # As if it was ours: elsewhere the handler would run at once.
    ours = interrupting.__code__.replace(co_filename=module.__file__)
    made = FunctionType(ours, globals(), name, None, interrupting.__closure__)
    monkeypatch.setattr(module, name, made)
    return sent


def looping():
    """Loop for a second at most, in code that was not decoded before."""

    def handler(_number, _frame):
        raise StopError

    def endless():
        end = time.monotonic() + 1
        while time.monotonic() < end:
            pass
        return "not interrupted"

    before = signal.signal(signal.SIGUSR1, handler)
    try:
        return endless()
    except StopError:
        return "interrupted"
    finally:
        signal.signal(signal.SIGUSR1, before)


def test_a_signal_comes_while_code_is_decoded(monkeypatch):
    """The frame that is being made is interrupted, not its caller when it returns."""
    sent = signal_in(monkeypatch, code, "_exception_table", "endless")
    assert frametools.vm.call(looping) == "interrupted"
    assert sent


def traced():
    """Have all code instrumented, and loop."""

    def handler(_number, _frame):
        raise StopError

    before = signal.signal(signal.SIGUSR1, handler)
    try:
        sys.settrace(lambda *_: None)
        end = time.monotonic() + 1
        while time.monotonic() < end:
            pass
    except StopError:
        return "interrupted"
    finally:
        sys.settrace(None)
        signal.signal(signal.SIGUSR1, before)
    return "not interrupted"


def test_a_signal_comes_while_code_is_instrumented(monkeypatch):
    """The new handlers deliver it as the old ones would have."""
    sent = signal_in(monkeypatch, instrumentation, "events_of", "traced")
    assert frametools.vm.call(traced) == "interrupted"
    assert sent
