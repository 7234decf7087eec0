"""Both backends write the same: each test runs with events and with wrappers."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from types import FrameType

import pytest

from frametools._python import HAS_MONITORING
from frametools.calls import decorator
from frametools.calls.greenlets import unwatch
from frametools.calls.stacks import local
from frametools.monitor.pep669 import TOOL_IDS

if HAS_MONITORING:
    from frametools.calls.monitoring import monitoring

BACKENDS = ["monitoring", "wrapping"] if HAS_MONITORING else ["wrapping"]


@pytest.fixture(params=BACKENDS, autouse=True)
def backend(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """Name the backend; at the end nothing is logged, and no frame is kept."""
    if request.param == "wrapping":
        monkeypatch.setattr(decorator, "HAS_MONITORING", False)
    yield request.param
    unwatch(local)
    file = str(request.path)
    gc.collect()
    if HAS_MONITORING:
        left = [code for code in monitoring.codes() if code.co_filename != file]
        for code in monitoring.codes():
            monitoring.remove(code)
        assert left == []
        assert [sys.monitoring.get_tool(each) for each in TOOL_IDS] == [None] * 4
    gc.collect()
    assert [
        found.f_code.co_qualname
        for found in gc.get_objects()
        if type(found) is FrameType and found.f_code.co_filename == file
    ] == []


@pytest.fixture
def lines() -> list[str]:
    """Give a list; its `append` is a sink."""
    return []
