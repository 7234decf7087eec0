"""What the C API does for the VM, and what is done without it."""

# ruff: noqa: PT017

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from frametools.vm import host
from frametools.vm.vm import VM

can_tell = pytest.mark.skipif(not host.CAN_TELL, reason="the fallback is forced")


@can_tell
def test_tell() -> None:
    """What is told is what `sys.exception()` says; None ends it."""
    thread = VM().new_thread()
    error = ValueError()
    host.tell(thread, error)
    seen = sys.exception()
    host.tell(thread, None)
    assert seen is error
    assert sys.exception() is None
    assert thread.host_exc is None


@can_tell
@pytest.mark.parametrize("wrong", [3, ValueError, "text", object()])
def test_tell_refuses_what_is_no_exception(wrong: Any) -> None:
    """In C that would be a crash."""
    with pytest.raises(TypeError):
        host.tell(VM().new_thread(), wrong)
    assert sys.exception() is None


def test_raise_plainly_leaves_contexts() -> None:
    """Neither the error's context nor a link to it changes, and no entry is added."""
    error, outer = KeyError("error"), ValueError("outer")
    outer.__context__ = error
    try:
        raise outer
    except ValueError:
        try:
            host.raise_plainly(error)
        except KeyError as caught:
            assert caught is error
            assert error.__context__ is None
            assert outer.__context__ is error
            entry = error.__traceback__
            assert entry is not None
            assert entry.tb_frame is sys._getframe()
            assert entry.tb_next is None


def test_unraisable(monkeypatch: pytest.MonkeyPatch) -> None:
    """The hook gets what the host gives it, of the same type."""
    seen: list[Any] = []
    monkeypatch.setattr(sys, "unraisablehook", seen.append)
    error = ValueError("nowhere to go")
    host.unraisable(error, seen, "message")

    class Noisy:
        def __del__(self) -> None:
            raise KeyError

    Noisy()
    ours, native = seen
    assert type(ours) is type(native)
    assert (ours.exc_type, ours.exc_value, ours.exc_traceback) == (
        ValueError,
        error,
        None,
    )
    assert (ours.err_msg, ours.object) == ("message", seen)


def test_unraisable_hook_that_fails(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The hook's own error is reported by the host's hook."""

    def hook(_args: object) -> None:
        raise KeyError("in hook")

    monkeypatch.setattr(sys, "unraisablehook", hook)
    host.unraisable(ValueError(), None)
    text = capsys.readouterr().err
    assert "Exception ignored in sys.unraisablehook" in text
    assert "KeyError: 'in hook'" in text


FALLBACK = """
import sys
from frametools.vm import host
from frametools.vm.vm import VM

def program():
    seen = [sys.exception()]
    try:
        raise ValueError("x")
    except ValueError as error:
        seen.append(sys.exception() is error)
        try:
            int("y")
        except ValueError as inner:
            seen.append(inner.__context__ is error)
        try:
            1 / 0
        except ZeroDivisionError as inner:
            seen.append(inner.__context__ is error)
        seen.append(error.__traceback__.tb_next is None)
    seen.append(sys.exception())
    return seen

print(host.CAN_TELL, VM().function(program)())
"""


@pytest.mark.parametrize("forced", ["", "1"])
def test_fallback(forced: str) -> None:
    """Without ctypes a program sees the same."""
    import os

    run = subprocess.run(
        [sys.executable, "-c", FALLBACK],
        env={**os.environ, "FRAMETOOLS_VM_NO_CTYPES": forced},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.stderr == ""
    expected = [None, True, True, True, True, None]
    assert run.stdout.strip() == f"{not forced} {expected}"
