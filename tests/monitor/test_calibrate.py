"""The costs of monitoring as they are measured at the end of a run."""

from __future__ import annotations

import sys

import pytest

from frametools.calltree import CallTree
from frametools.monitor import _calibrate


@pytest.mark.parametrize("options", [{}, {"c_calls": True}, {"sampled": True}])
def test_costs(twin, options):
    """Costs are positive, finite, and of the size of a call."""
    costs = _calibrate.measure(lambda: twin.TreeBuilder(**options), **options)
    inside, outside, c_inside, c_outside = costs
    assert 0 <= inside < 100_000
    assert 0 < inside + outside < 100_000
    assert ((c_inside + c_outside) > 0) == ("c_calls" in options)


def test_calibrate_sets_the_costs(twin):
    """What was measured stands in the image."""
    builder = twin.Recorder()
    _calibrate.calibrate(builder)
    costs = CallTree.from_image(builder.image()).costs
    assert costs.inside + costs.outside > 0


def test_no_free_place(twin, has_monitoring):
    """Without a free tool id all costs are 0, and nothing is raised."""
    if not has_monitoring:
        sys.setprofile(lambda *event: None)
        try:
            assert _calibrate.measure(twin.TreeBuilder) == (0, 0, 0, 0)
        finally:
            sys.setprofile(None)
        return
    taken = [i for i in range(6) if sys.monitoring.get_tool(i) is None]
    for number in taken:
        sys.monitoring.use_tool_id(number, "another")
    try:
        assert _calibrate.measure(twin.TreeBuilder) == (0, 0, 0, 0)
    finally:
        for number in taken:
            sys.monitoring.free_tool_id(number)
