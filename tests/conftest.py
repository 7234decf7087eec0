"""What the whole suite shares: the check of the twin, and hypothesis' profile."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

settings.register_profile("frametools", deadline=None, derandomize=True, database=None)
settings.load_profile("frametools")


def pytest_configure() -> None:
    """End the run at once when the twin at hand is not the one asked for."""
    expected = os.environ.get("FRAMETOOLS_EXPECT_TWIN")
    if expected is None:
        return
    from frametools.monitor import _twin

    if expected != _twin.NAME:
        message = f"FRAMETOOLS_EXPECT_TWIN={expected}, but the twin is {_twin.NAME}"
        pytest.exit(message, returncode=3)
