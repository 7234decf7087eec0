"""Fixtures of a wider scope than a test answer for what they leave, at their end."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from tests.pytest_plugin.running import Run

pytest_plugins = ["pytester"]


@pytest.mark.parametrize("scope", ["class", "module", "package", "session"])
def test_a_suspended_fixture_is_nobodys_leak(run: Run, scope: str) -> None:
    """Its generator keeps its variables until the end of its scope."""
    ran = run(
        f"""
@pytest.fixture(scope="{scope}")
def wide():
    data = bytearray(3 << 20)
    yield data
class TestIt:
    def test_1(self): pass
    def test_2(self, wide): pass
    def test_3(self, wide): pass
def test_4(request): request.getfixturevalue("wide")
""",
        "--frame-leaks=fail",
        "--frame-leaks-min=0",
    )
    assert (ran.exit, ran.counts) == (0, {"passed": 4}), ran.text


@pytest.mark.parametrize(
    ("scope", "node"),
    [("class", "test_it.py::TestIt"), ("module", "test_it.py"), ("session", "session")],
)
@pytest.mark.parametrize("when", ["setup", "teardown"])
def test_what_it_leaves(run: Run, scope: str, node: str, when: str) -> None:
    """It has the node id of the scope; no test is blamed."""
    before, after = ("leak()", "pass") if when == "setup" else ("pass", "leak()")
    ran = run(
        f"""
@pytest.fixture(scope="{scope}")
def wide():
    {before}
    yield
    {after}
class TestIt:
    def test_1(self, wide): pass
    def test_2(self, wide): pass
""",
        "--frame-leaks=fail",
    )
    assert (ran.exit, ran.counts) == (1, {"passed": 2, "failed": 1}), ran.text
    (line,) = ran.lines("KEPT  held by test_it.saved[0]  ")
    assert line.endswith(f"  in {node}")


def test_last_test_of_a_module(run: Run) -> None:
    """What it leaves is its own, though its module ends with it."""
    ran = run(
        """
@pytest.fixture(scope="module")
def wide():
    yield
    leak(mebibytes=2)
def test_it(wide): leak(mebibytes=5)
""",
        "--frame-leaks=warn",
        "-v",
    )
    assert ran.counts == {"passed": 1, "kept": 2}
    lines = ran.text.splitlines()
    assert lines.index("test_it.py::test_it") < lines.index("test_it.py")
    assert ran.lines("test_it.saved[0]")
    assert ran.lines("test_it.saved[1]")


def test_a_test_that_leaves_frames_in_a_wider_fixture(run: Run) -> None:
    """The value of the fixture holds them: the test is to blame."""
    ran = run(
        """
@pytest.fixture(scope="session")
def box(): return []
def test_it(box): leak(box)
def test_other(box): pass
""",
        "--frame-leaks=warn",
    )
    assert ran.counts == {"passed": 2, "kept": 1}


def test_junit(run: Run, pytester: pytest.Pytester) -> None:
    """A test has properties: how many leaks, how many bytes."""
    run("def test_it(): leak()", "--frame-leaks=warn", "--junit-xml=it.xml")
    root = ET.parse(pytester.path / "it.xml").getroot()
    found = {each.get("name"): each.get("value") for each in root.iter("property")}
    assert found.keys() == {"frame_leaks", "frame_leaks_bytes"}
    assert found["frame_leaks"] == "1"
    assert int(found["frame_leaks_bytes"] or 0) == pytest.approx(3 << 20, rel=0.01)


def test_first_failure_ends_the_run(run: Run) -> None:
    """`-x` counts a test that leaves frames."""
    ran = run("def test_1(): leak()\ndef test_2(): pass\n", "--frame-leaks=fail", "-x")
    assert ran.counts == {"failed": 1}
