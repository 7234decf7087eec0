"""CPython's own tests pass in the VM where they pass on the host."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
try:
    import report
    from files import FAST, FILES, here
    from outcomes import HOST, VM, Limits, Outcome, run
finally:
    sys.path.remove(str(HERE))


ATTEMPTS = 3
"""Some of CPython's tests go by the clock: what fails is run again."""


def _missing(file: str) -> dict[str, str]:
    missing = _run(file)
    for _ in range(1, ATTEMPTS):
        if missing:
            again = _run(file)
            missing = {test: again[test] for test in missing if test in again}
    return missing


def _run(file: str) -> dict[str, str]:
    limits = Limits()
    found = report.compare(file, run(file, HOST, limits), run(file, VM, limits))
    assert found.host, f"no test of {file} passes on the host"
    return {each.test: str(each.outcome.last_line) for each in found.new}


@pytest.mark.slow
@pytest.mark.parametrize("file", here(FAST))
def test_slice(file: str) -> None:
    """What passes on the host passes in the VM, but for what has a reason."""
    assert _missing(file) == {}


@pytest.mark.conformance
@pytest.mark.parametrize("file", [f for f in here(FILES) if f not in FAST])
def test_file(file: str) -> None:
    """The same for the files that take longer."""
    assert _missing(file) == {}


@pytest.mark.parametrize("file", FAST)
def test_the_slice_is_of_the_list(file: str) -> None:
    """The slice is part of what is run in full."""
    assert file in FILES


def test_a_crash_needs_a_fact() -> None:
    """A reason alone explains a failure; a hang is explained by nothing."""
    plain, proven = report.Reason("because"), report.Reason("because", "x.py")
    assert plain.accepts(Outcome("failed"))
    assert not plain.accepts(Outcome("crashed"))
    assert proven.accepts(Outcome("crashed"))
    assert "facts/scripts/x.py" in proven.told(Outcome("crashed"))
    assert proven.told(Outcome("hung")) == ""


@pytest.mark.parametrize("version", ["3.11", "3.12", "3.13", "3.14", "3.15"])
def test_the_facts_of_crashes(version: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What an entry names is a script in which plain Python crashes there."""
    monkeypatch.syspath_prepend(str(report.FACTS))
    number = tuple(map(int, version.split(".")))
    for script in {each.crash_fact for each in report.reasons(version).values()} - {""}:
        fact = runpy.run_path(str(report.FACTS / script))["FACT"]
        assert "crash" in fact.answer(number)
