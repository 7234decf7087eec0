"""What the whole suite shares: its order, the check of the twin, hypothesis."""

from __future__ import annotations

import compileall
import gc
import os
import signal
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import frametools

settings.register_profile("frametools", deadline=None, derandomize=True, database=None)
settings.load_profile("frametools")


_FIRST = ("retention", "pytest_plugin")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Begin with the tests that walk over all objects, while these are few.

    What is marked `conformance` is left out; any other `-m` keeps its meaning.
    """
    items.sort(key=lambda item: not _is_first(item))
    if "conformance" in config.option.markexpr:
        return
    left = {item for item in items if item.get_closest_marker("conformance")}
    if left:
        config.hook.pytest_deselected(items=list(left))
        items[:] = [item for item in items if item not in left]


def _is_first(item: pytest.Item) -> bool:
    return item.path.parent.name in _FIRST


def pytest_sessionstart() -> None:
    """Compile the package for the interpreters that tests start, thousands of them.

    pytest keeps its own compiled form of a plugin's package, and the battery has
    Python write nothing: each of its programs would compile all that it imports.
    """
    if not sys.dont_write_bytecode:
        compileall.compile_dir(Path(frametools.__file__).parent, quiet=2)


@settings(max_examples=1)
@given(nothing=st.none())
def _hypothesis_begins(nothing: None) -> None:
    """Let hypothesis make what it will look for with gc, which hides the frozen."""


_seen: set[Path] = set()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> None:
    """Before the tests of a file, hide from the collector what there is already.

    Some 250,000 objects are pytest's own and of modules: in each of many tests that
    collect, and look at what is left, they cost more than the test. The tests that
    walk over all objects, which come first, see them.
    """
    if item.path in _seen or _is_first(item):
        return
    if not _seen:
        _hypothesis_begins()
    _seen.add(item.path)
    gc.collect()
    gc.freeze()


def pytest_configure() -> None:
    """End the run at once when the twin at hand is not the one asked for.

    And take Ctrl-C as Python does, for the programs too: what a shell runs in the
    background ignores it.
    """
    signal.signal(signal.SIGINT, signal.default_int_handler)
    expected = os.environ.get("FRAMETOOLS_EXPECT_TWIN")
    if expected is None:
        return
    from frametools.monitor import _twin

    if expected != _twin.NAME:
        message = f"FRAMETOOLS_EXPECT_TWIN={expected}, but the twin is {_twin.NAME}"
        pytest.exit(message, returncode=3)
