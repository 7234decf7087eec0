"""The markers, and the fixture."""

from __future__ import annotations

import pytest

from tests.pytest_plugin.running import Run

pytest_plugins = ["pytester"]


@pytest.mark.parametrize(
    ("arguments", "counts"),
    [
        ("allow='test_it.saved*'", False),
        ("allow=['x.*', 'test_it.saved*']", False),
        ("allow='load_*'", False),
        ("allow='x.*'", True),
        ("min='4 MiB'", False),
        ("min='2 MiB'", True),
        ("min=5_000_000", False),
    ],
)
def test_what_a_marker_accepts(run: Run, arguments: str, counts: bool) -> None:
    """A test may allow holders, functions, or a size."""
    source = f"@pytest.mark.frame_leaks({arguments})\ndef test_it(): leak()\n"
    assert run(source, "--frame-leaks=fail").exit == counts


def test_nearest_marker_first(run: Run) -> None:
    """What a test says goes before its class; what both allow is allowed."""
    source = """
@pytest.mark.frame_leaks(min=0, allow="x.*")
class TestIt:
    def test_small(self): leak(mebibytes=0)
    @pytest.mark.frame_leaks(min="1MiB")
    def test_large_enough(self): leak(mebibytes=0)
    @pytest.mark.frame_leaks(allow="test_it.saved*")
    def test_allowed(self): leak()
"""
    ran = run(source, "--frame-leaks=fail")
    assert ran.counts == {"passed": 2, "failed": 1}
    assert ran.lines("in test_it.py::TestIt::test_small")


def test_cycles_of_one_test(run: Run) -> None:
    """A test may ask for cycles by itself."""
    source = """
def body():
    data = bytearray(3 << 20)
    with pytest.raises(RuntimeError) as caught:
        load_big()
def test_other(): body()
@pytest.mark.frame_leaks(cycles=True)
def test_it(): body()
"""
    ran = run(source, "--frame-leaks=fail")
    assert ran.counts == {"passed": 1, "failed": 1}


def test_left_out(run: Run) -> None:
    """A test with a reason is not checked."""
    source = """
@pytest.mark.no_frame_leaks_check("keeps them on purpose")
def test_one(): leak()
@pytest.mark.no_frame_leaks_check(reason="keeps them on purpose")
def test_two(): leak()
"""
    ran = run(source, "--frame-leaks=fail", "--strict-markers")
    assert (ran.exit, ran.counts) == (0, {"passed": 2})


@pytest.mark.parametrize(
    ("marker", "message"),
    [
        ("frame_leaks('x')", "frame_leaks takes allow=, min= and cycles="),
        ("frame_leaks(minimum=1)", "frame_leaks takes allow=, min= and cycles="),
        ("frame_leaks(min='much')", "frame_leaks: min: 'much' is no size"),
        ("frame_leaks(allow=3)", "frame_leaks: allow: 3 is no glob or list of globs"),
        ("no_frame_leaks_check", "no_frame_leaks_check needs a reason"),
        ("no_frame_leaks_check('')", "no_frame_leaks_check needs a reason"),
    ],
)
def test_bad_markers(run: Run, marker: str, message: str) -> None:
    """A marker that says nothing valid ends the run, and names the test."""
    ran = run(f"@pytest.mark.{marker}\ndef test_it(): pass\n", "--frame-leaks=warn")
    assert ran.exit == pytest.ExitCode.USAGE_ERROR
    assert f"test_it.py::test_it: {message}" in ran.text + ran.errors


def test_markers_are_known_while_off(run: Run) -> None:
    """A suite with markers runs without the option."""
    source = "@pytest.mark.frame_leaks(min=0)\ndef test_it(): pass\n"
    assert run(source, "--strict-markers").exit == 0


FIXTURE = """
def test_it(frame_retention):
    assert frame_retention.leaks_so_far() == []
    with frame_retention.watch(min_size=0) as watched:
        leak()
    (found,) = watched.leaks
    assert found.frame.function == "load_big"
    (found,) = frame_retention.leaks_so_far("1 MiB")
    assert found.holders[0].path == "test_it.saved[0]"
    assert any(found.frame.function == "load_big" for found in frame_retention.live())
    assert "test_it.saved" in str(frame_retention.why(saved[0]))
    with pytest.raises(AssertionError):
        frame_retention.assert_collectable(saved[0])
    saved.clear()
    assert frame_retention.leaks_so_far("1 MiB") == []
"""


@pytest.mark.parametrize("mode", ["off", "fail"])
def test_fixture(run: Run, mode: str) -> None:
    """`frame_retention` answers within a test, with the detector on or off."""
    ran = run(FIXTURE, f"--frame-leaks={mode}")
    assert (ran.exit, ran.counts) == (0, {"passed": 1}), ran.text
