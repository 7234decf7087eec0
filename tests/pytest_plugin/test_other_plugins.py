"""Together with plugins that run tests elsewhere, again, or traced."""

from __future__ import annotations

import json

import pytest

from tests.pytest_plugin.running import HEAD

pytest_plugins = ["pytester"]

SUITE = """
@pytest.fixture(scope="module")
def wide():
    yield
    leak(mebibytes=2)
def test_clean(): pass
def test_leak(): leak()
def test_last(wide): pass
"""


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["warn", "fail"])
def test_xdist(pytester: pytest.Pytester, mode: str) -> None:
    """Results travel in the reports: the controller shows and writes them."""
    pytest.importorskip("xdist")
    pytester.makepyfile(test_it=HEAD + SUITE)
    result = pytester.runpytest_subprocess(
        "-n1",
        f"--frame-leaks={mode}",
        "--frame-leaks-json=it.json",
        "--junit-xml=it.xml",
    )
    counts = {"passed": 3, "kept": 2} if mode == "warn" else {"passed": 2, "failed": 2}
    assert result.parseoutcomes() == counts
    assert result.ret == (mode == "fail")
    assert any("= kept frames =" in line for line in result.outlines)
    tests = json.loads((pytester.path / "it.json").read_text())["tests"]
    assert [entry["node"] for entry in tests] == ["test_it.py::test_leak", "test_it.py"]
    assert 'name="frame_leaks"' in (pytester.path / "it.xml").read_text()


@pytest.mark.slow
def test_rerunfailures(pytester: pytest.Pytester) -> None:
    """Each attempt is looked at by itself; what failed before the last is forgotten."""
    pytest.importorskip("pytest_rerunfailures")
    pytester.makepyfile(
        test_it=HEAD
        + """
times = []
def test_flaky():
    times.append(1)
    assert len(times) > 2
def test_once():
    if not saved: leak()
def test_always(): leak()
"""
    )
    result = pytester.runpytest_subprocess("--reruns=2", "--frame-leaks=fail")
    assert result.parseoutcomes() == {"passed": 5, "failed": 1, "rerun": 5}
    (line,) = [line for line in result.outlines if "  in test_it.py" in line]
    assert line.endswith("::test_always")


@pytest.mark.slow
@pytest.mark.parametrize("core", ["ctrace", "pytrace", "sysmon"])
def test_coverage(
    pytester: pytest.Pytester, core: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same is found while coverage traces."""
    pytest.importorskip("pytest_cov")
    monkeypatch.setenv("COVERAGE_CORE", core)
    pytester.makepyfile(test_it=HEAD + SUITE)
    result = pytester.runpytest_subprocess("--cov=.", "--frame-leaks=warn")
    assert result.parseoutcomes()["passed"] == 3
    assert result.parseoutcomes()["kept"] == 2
