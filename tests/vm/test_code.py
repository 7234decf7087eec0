"""Code: what the VM knows of a code object."""

from __future__ import annotations

from threading import Thread
from typing import Any

import pytest

from frametools.vm import VM
from frametools.vm import code as decoder


def test_two_threads_decode_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Frames of both run on the same `ops`, which instrumentation patches in place."""
    code = VM().code((lambda: None).__code__)
    plain: Any = decoder._exception_table
    seen: list[Any] = []

    def meanwhile(*args: Any) -> Any:
        if not seen:
            seen.append(None)
            other = Thread(target=lambda: seen.append(code.ops))
            other.start()
            other.join()
        return plain(*args)

    monkeypatch.setattr(decoder, "_exception_table", meanwhile)
    assert code.ops is seen[1]
