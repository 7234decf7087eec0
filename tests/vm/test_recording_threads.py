"""Threads that begin at once: what they share is made by one while others wait."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from frametools import vm
from frametools.events import CodeKind, CodeRef, EventKind
from frametools.recording import Builder
from frametools.vm.instrumentation import Monitors


class Codes(list[CodeRef]):
    """Lets another thread come in between as it grows for the first time."""

    def __init__(self, other: threading.Thread, is_stuck: threading.Event) -> None:
        super().__init__()
        self.other = other
        self.is_stuck = is_stuck

    def append(self, code: CodeRef) -> None:
        """Let the other thread do all that it can do now."""
        if not self and threading.current_thread() is not self.other:
            self.other.start()
            assert self.is_stuck.wait(60)
        super().append(code)


class Lock:
    """Tells when another thread than its maker is about to wait for it."""

    def __init__(self, is_stuck: threading.Event) -> None:
        self.is_stuck = is_stuck
        self.maker = threading.get_ident()
        self.inner = threading.RLock()

    def __enter__(self) -> None:
        """Take it."""
        if threading.get_ident() != self.maker:
            self.is_stuck.set()
        self.inner.acquire()

    def __exit__(self, *_: object) -> None:
        """Give it back."""
        self.inner.release()


def test_names_of_two_threads() -> None:
    """Each keeps its own, though both were new at the same time."""
    first, second = (CodeRef(name, kind=CodeKind.C_FUNCTION) for name in ("a", "b"))
    builder = Builder()
    thread = builder.thread("main")
    other = builder.thread("other")

    is_stuck = threading.Event()  # or it has come to its end

    def add() -> None:
        builder.enter(other, EventKind.PY_START, second, 2, 2)
        is_stuck.set()

    adding = threading.Thread(target=add)
    builder._lock = Lock(is_stuck)  # type: ignore[assignment]
    builder.image.codes = Codes(adding, is_stuck)
    builder.enter(thread, EventKind.PY_START, first, 1, 1)
    adding.join()
    recording = builder.finish()
    names = [[each.code for each in recording.thread(n)] for n in (thread, other)]
    assert names == [[first], [second]]


def test_instrumented_at_last(monkeypatch: pytest.MonkeyPatch) -> None:
    """Code says that it is up to date when it is: other threads run it as it stands."""
    patch, was_early = Monitors._patch, []

    def watched(self: Monitors, code: Any, data: Any, index: int) -> None:
        was_early.append(code.version is self.vm.version)
        patch(self, code, data, index)

    monkeypatch.setattr(Monitors, "_patch", watched)
    vm.run(lambda: None)
    assert was_early
    assert not any(was_early)
