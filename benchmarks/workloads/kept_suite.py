"""Tests with a check behind each: `kept_suite.py WAY TESTS`.

TESTS is a folder that pytest is to run in, or a number of trivial tests to make. WAY:

off                   no check: the plugin of frametools is there, and not asked for
frametools            --frame-leaks=fail
gc                    gc.collect() and a look for frames, after each test
limit_leaks           the marker of pytest-memray, on each test
limit_leaked_objects  the same; Python 3.13.3 or later

Writes {"cpu": s, "wall": s, "tests": n, "objects": n} of the loop over the tests as
JSON to the file BENCH_OUT names; objects are those that the collector knows before it.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import time
from collections.abc import Generator
from pathlib import Path
from types import FrameType

import pytest

OBJECTS = 53_000
"""What the process has at least; a real program brings as many."""
TRIVIAL = """
def test_{n}():
    assert {n} + 1 == {n1}
"""
OPTIONS = {
    "frametools": ["--frame-leaks=fail"],
    "limit_leaks": ["--memray"],
    "limit_leaked_objects": ["--memray"],
}
MARKERS = {"limit_leaks": ["1 MB"], "limit_leaked_objects": []}


class Timed:
    """Times the loop over the tests."""

    def __init__(self) -> None:
        self.found: dict[str, float] = {}
        self.ballast: list[list[int]] = []

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtestloop(
        self, session: pytest.Session
    ) -> Generator[None, object, object]:
        """Measure the time, and fill up with objects before."""
        missing = OBJECTS - len(gc.get_objects())
        self.ballast = [[n] for n in range(missing)]
        self.found = {
            "tests": len(session.items),
            "objects": len(gc.get_objects()),
        }
        wall, cpu = time.perf_counter(), time.process_time()
        result = yield
        self.found["cpu"] = time.process_time() - cpu
        self.found["wall"] = time.perf_counter() - wall
        return result


class Marking:
    """Puts a marker on each test."""

    def __init__(self, name: str) -> None:
        self._marker = getattr(pytest.mark, name)(*MARKERS[name])

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Mark them all."""
        for item in items:
            item.add_marker(self._marker)


class Collecting:
    """What people write by hand."""

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_teardown(self) -> None:
        """Collect, then look for frames that are left."""
        gc.collect()
        left = [found for found in gc.get_objects() if type(found) is FrameType]
        del left


def trivial(count: int) -> None:
    """Make a file of tests in the current folder."""
    tests = [TRIVIAL.format(n=n, n1=n + 1) for n in range(count)]
    Path("test_trivial.py").write_text("".join(tests))


def main(way: str, tests: str) -> int:
    """Run them; returns pytest's exit status."""
    if tests.isdigit():
        trivial(int(tests))
    else:
        os.chdir(tests)
    timed = Timed()
    plugins: list[object] = [timed]
    if way in MARKERS:
        plugins.append(Marking(way))
    elif way == "gc":
        plugins.append(Collecting())
    words = ["-q", "-p", "no:cacheprovider", *OPTIONS.get(way, [])]
    words += [] if way in MARKERS else ["-p", "no:memray"]
    status = pytest.main(words, plugins)
    Path(os.environ["BENCH_OUT"]).write_text(json.dumps(timed.found))
    return int(status)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
