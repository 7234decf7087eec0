"""The pytest plugin: fails the test that leaves frames behind.

    pytest --frame-leaks=fail
    pytest --frame-profile=DIR

    options      options, each with its ini twin       markers   what one test asks for
    detector     before setup    Baseline.renew()
                 after teardown  find(baseline)  -->  report.frame_leaks
    keeping      what pytest keeps itself: let go of, or not counted
    scopes       what fixtures of wider scope made: theirs, not the test's
    again        --frame-leaks-rerun: a second run tells a cache from a leak
    judging      which leaks count; pytest's own frames folded away
    reporting    letter K, sections, summary, JSON; also xdist's controller
    fixture      `frame_retention`, for checks within a test
    profiling    --frame-profile: a data file per test; slowest: the summary of it

This file is loaded at the start of each run of pytest: it imports nothing of the above
but `options` until the detector is asked for.

Checked are tests that passed. One that failed or was skipped is not: its exception,
with all the frames, is pytest's to show. Nor is one that stopped in a debugger.
PYTEST_DONT_REWRITE
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from frametools.pytest_plugin.options import declare, profile_folder, read

if TYPE_CHECKING:
    from collections.abc import Iterator

    from frametools.pytest_plugin.fixture import FrameRetention

_MARKERS = (
    (
        "frame_leaks(allow=None, min=None, cycles=None): what --frame-leaks accepts "
        "of a test: globs on the path of a holder or a function, a size, cycles."
    ),
    "no_frame_leaks_check(reason): --frame-leaks leaves a test out.",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the options and their ini twins."""
    declare(parser)


def pytest_configure(config: pytest.Config) -> None:
    """Register the markers, and the detector if it is asked for."""
    for line in _MARKERS:
        config.addinivalue_line("markers", line)
    _profile(config)
    options = read(config)
    if options.mode == "off":
        return
    from frametools.pytest_plugin.detector import Detector
    from frametools.pytest_plugin.reporting import Reporting

    config.pluginmanager.register(Detector(options), "frametools-detector")
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(
            Reporting(config, options), "frametools-reporting"
        )


def _profile(config: pytest.Config) -> None:
    """Register what profiles the tests, if that is asked for."""
    folder = profile_folder(config)
    if folder is None or config.getoption("collectonly"):
        return
    from frametools.pytest_plugin.profiling import Profiling
    from frametools.pytest_plugin.slowest import Slowest

    config.option.frame_profile = folder  # workers of xdist may be elsewhere
    config.pluginmanager.register(Profiling(folder), "frametools-profiling")
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Slowest(folder), "frametools-slowest")


@pytest.fixture
def frame_retention() -> Iterator[FrameRetention]:
    """Checks of kept frames within a test; works with the detector off, too."""
    from frametools.pytest_plugin.fixture import FrameRetention

    retention = FrameRetention()
    yield retention
    retention.close()
