"""Leaves the long run out unless it is asked for with `-m conformance`."""

from __future__ import annotations

import pytest


def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Deselect what is marked `conformance`; any other `-m` keeps its meaning."""
    if "conformance" in config.option.markexpr:
        return
    left = [item for item in items if item.get_closest_marker("conformance")]
    if left:
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if item not in left]
