"""Runs of pytest on small suites, as text and numbers: no object of theirs is kept."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from types import FrameType

import pytest

# Loaded here once: pytester forgets what the runs within it import.
from tests.pytest_plugin.running import HEAD, Ran, Run


@pytest.fixture
def run(pytester: pytest.Pytester) -> Iterator[Run]:
    """Run a suite made of `HEAD` and a source; in the end none of its frames is kept."""

    def run(source: str, *options: str, head: str = HEAD) -> Ran:
        if source:
            pytester.makepyfile(test_it=head + source)
        result = pytester.runpytest_inprocess("-p", "no:cacheprovider", *options)
        text, errors = str(result.stdout), str(result.stderr)
        try:
            counts = result.parseoutcomes()
        except ValueError:
            counts = {}
        return Ran(int(result.ret), counts, text, errors)

    yield run
    pytester._mod_collections.clear()
    gc.collect()
    from frametools.retention.finding import find; print("LEAKS", [(l.frame.function, l.holders, l.hidden) for l in find() if "test_it.py" in l.frame.file])  # DEBUG
    folder = str(pytester.path)
    assert [
        found.f_code.co_qualname
        for found in gc.get_objects()
        if type(found) is FrameType and found.f_code.co_filename.startswith(folder)
    ] == []
