"""The costs of monitoring as they are measured before a run."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

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


def test_read_as_a_data_file(twin):
    """The costs' own view of an image agrees with the reader of data files."""
    builder = twin.TreeBuilder()
    time, recorded = _calibrate._round(builder, _calibrate._calls)
    rows = CallTree.from_image(builder.image()).functions(raw=True)
    (row,) = (row for row in rows if row.code.qualname == "_empty")
    assert row.calls == _calibrate._CALLS
    assert abs(recorded - row.cum_wall / row.calls) < 1
    assert recorded * row.calls < time


def test_it_leaves_no_trace():
    """Calibration leaves no module, tool id, thread or profile function behind."""
    source = """
import sys, threading
from frametools.monitor import _calibrate, _twin, backend
builder = _twin.TreeBuilder()
backend.choose()
before = set(sys.modules)
for kind in ({}, {"c_calls": True}, {"sampled": True}):
    _calibrate.calibrate(builder, **kind)
assert set(sys.modules) == before, set(sys.modules) - before
assert threading.active_count() == 1
assert sys.getprofile() is None is sys.gettrace()
if hasattr(sys, "monitoring"):
    assert [sys.monitoring.get_tool(i) for i in range(6)] == [None] * 6
"""
    words = [sys.executable, "-W", "error", "-c", source]
    root = Path(__file__).parent.parent.parent
    done = subprocess.run(
        words, cwd=root, check=False, capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, "")


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
