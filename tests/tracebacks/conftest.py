"""Every test here ends with a check: what was in the frames is gone, without gc."""

from __future__ import annotations

import gc
import linecache
from collections.abc import Iterator

import pytest

from tests.tracebacks.programs import let_go, things


@pytest.fixture(autouse=True)
def nothing_is_kept() -> Iterator[None]:
    """Without the collector, all values of the programs die with their exceptions."""
    things.clear()
    gc.collect()
    gc.disable()
    try:
        yield
        let_go()
        alive = [thing() for thing in things if thing() is not None]
        assert alive == []
    finally:
        let_go()
        gc.enable()
        linecache.cache.pop("app.py", None)
