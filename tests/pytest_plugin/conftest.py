"""Runs of pytest on small suites, as text and numbers: no object of theirs is kept."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from types import FrameType

import pytest

from frametools.calltree import align, functions, memory, merging, times
from frametools.monitor.backend import choose
from frametools.pytest_plugin import (
    detector,
    fixture,
    profiling,
    reporting,
    slowest,
)
from frametools.retention import asking, watching
from frametools.retention.finding import find
from frametools.retention.report import text
from tests.pytest_plugin.running import HEAD, Ran, Run

LOADED = (
    *(detector, fixture, profiling, reporting, slowest, asking, text, watching),
    *(align, functions, memory, merging, times, choose()),
)
"""Pytester forgets what the runs within it import: these stay."""


@pytest.fixture(autouse=True)
def nothing_is_kept(tmp_path: Path) -> Iterator[None]:
    """Look, once pytester has finished, for frames of what ran within it."""
    yield
    for name in ("last_exc", "last_type", "last_value", "last_traceback"):
        sys.__dict__.pop(name, None)  # of a run's last test, if that failed
    gc.collect()
    folder = str(tmp_path.parent)
    assert [
        found.f_code.co_qualname
        for found in gc.get_objects()
        if type(found) is FrameType and found.f_code.co_filename.startswith(folder)
    ] == []


@pytest.fixture(autouse=True)
def small_budget(monkeypatch: pytest.MonkeyPatch) -> None:
    """Do not measure this session with each leak of a run within it: it is reached."""
    monkeypatch.setattr(detector, "find", partial(find, budget=20_000))


@pytest.fixture
def run(pytester: pytest.Pytester) -> Run:
    """Run a suite made of `HEAD` and a source, in this process."""
    return partial(_run, pytester, pytester.runpytest_inprocess)


@pytest.fixture
def run_apart(pytester: pytest.Pytester) -> Run:
    """Run it in a process of its own: what is measured there has nothing of ours."""
    return partial(_run, pytester, pytester.runpytest_subprocess)


def _run(
    pytester: pytest.Pytester,
    pytest_on: Callable[..., pytest.RunResult],
    source: str,
    *options: str,
) -> Ran:
    pytester.makepyfile(test_it=HEAD + source)
    return _ran(pytest_on("-p", "no:cacheprovider", *options))


def _ran(result: pytest.RunResult) -> Ran:
    """Return what a run has shown, without what pytester keeps of it."""
    text, errors = str(result.stdout), str(result.stderr)
    has_counts = " in " in text.rstrip().rpartition("\n")[2]
    counts = result.parseoutcomes() if has_counts else {}
    return Ran(int(result.ret), counts, text, errors)
