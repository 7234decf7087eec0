"""Programs that several tests of the VM run are modules beside them."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

_LISTS_EVENTS = {"test_monitoring", "test_tracing", "test_set_lineno", "test_recording"}


@pytest.fixture(autouse=True)
def no_collection(request: pytest.FixtureRequest) -> Iterator[None]:
    """Keep callbacks of the collector (hypothesis has one) out of lists of events."""
    if request.module.__name__.rpartition(".")[2] not in _LISTS_EVENTS:
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
