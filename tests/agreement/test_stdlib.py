"""The VM predicts what the standard library's modules do under CPython's tests."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from frametools.monitor import _twin
from tests.loading import load

HERE = Path(__file__).parent
stdlib = load(HERE / "stdlib.py", "stdlib")

pytestmark = pytest.mark.skipif(
    _twin.NAME != "c", reason="without the C core programs see the frames that run them"
)


def check(module: str) -> None:
    """Compare, and hold what is found against the table of what differs."""
    found = stdlib.compare(module)
    assert found.events > 0, found.said
    reason = stdlib.expected(module)
    assert bool(found.said) == bool(reason), found.said or reason


@pytest.mark.slow
@pytest.mark.parametrize("module", [m for m in stdlib.FAST if stdlib.tests_of(m)])
def test_slice(module: str) -> None:
    """All events of the module and of its test file are the same, and the outcomes."""
    check(module)


@pytest.mark.conformance
@pytest.mark.parametrize("module", [m for m in stdlib.here() if m not in stdlib.FAST])
def test_module(module: str) -> None:
    """The same of the others, which take longer."""
    check(module)


def test_there_are_enough_modules() -> None:
    """At least 60, and each row of the table names some of them."""
    assert len(stdlib.FILES) >= 60
    assert set(stdlib.FAST) <= set(stdlib.FILES)
    table = tomllib.loads((HERE / "stdlib_expected.toml").read_text())["expected"]
    for row in table:
        assert row["reason"]
        assert set(row.get("modules", ())) <= set(stdlib.FILES)
        assert row.get("modules") or row.get("tests")
