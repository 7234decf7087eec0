"""`--frame-profile`: a data file for each test, and the slowest in the summary."""

from __future__ import annotations

from pathlib import Path

import pytest

from frametools.calltree import CallTree
from frametools.pytest_plugin.profiling import file_name
from tests.pytest_plugin.running import Run

pytest_plugins = ["pytester"]

SUITE = """
import time

def work(n):
    return n if n < 2 else work(n - 1) + 1

@pytest.fixture
def prepared():
    work(10)
    yield
    work(20)

@pytest.fixture(scope="module")
def wide():
    time.sleep(0.3)

def test_fast(): work(3)
def test_prepared(prepared): work(5)
def test_slow(wide): work(7)
"""


def calls(path: Path) -> dict[str, int]:
    """Calls of each function in a data file."""
    rows = CallTree.load(str(path)).functions()
    return {row.code.qualname: row.calls for row in rows}


def test_a_file_for_each_test(run: Run, pytester: pytest.Pytester) -> None:
    """It has what the test called, with its fixtures, and not how pytest did that."""
    ran = run(SUITE, "--frame-profile=data")
    assert ran.counts == {"passed": 3}
    folder = pytester.path / "data"
    names = sorted(path.name for path in folder.iterdir())
    tests = "test_fast", "test_prepared", "test_slow"
    assert names == [f"test_it.py.{test}.frames" for test in tests]
    fast, prepared, slow = (calls(folder / name) for name in names)
    assert (fast["test_fast"], fast["work"]) == (1, 3)
    assert (prepared["test_prepared"], prepared["work"]) == (1, 35)
    assert (slow["test_slow"], slow["wide"], slow["work"]) == (1, 1, 7)
    tree = CallTree.load(str(folder / names[0]))
    assert not any("/_pytest/" in code.filename for code in tree.codes)
    assert tree.info["command"] == ["pytest", "test_it.py::test_fast"]


OURS = """
import contextlib, threading, unittest

@contextlib.contextmanager
def opened():
    yield

def test_opens():
    with opened():
        pass

def test_bare(): pass

def test_thread():
    thread = threading.Thread(target=len, args=("",))
    thread.start()
    thread.join()

class TestCase(unittest.TestCase):
    def test_method(self): pass
"""


def test_what_pytest_calls_is_not_blamed(run: Run, pytester: pytest.Pytester) -> None:
    """What it has the standard library do is left out, what the test has it do not."""
    ran = run(OURS, "--frame-profile=data")
    assert ran.counts == {"passed": 4}
    data = pytester.path / "data"
    entered = "_GeneratorContextManager.__enter__"
    opens = calls(data / "test_it.py.test_opens.frames")
    bare = calls(data / "test_it.py.test_bare.frames")
    assert opens[entered] == opens["opened"] == opens["test_opens"] == 1
    assert entered not in bare
    assert bare["test_bare"] == 1
    thread = calls(data / "test_it.py.test_thread.frames")
    assert thread["Thread.run"] == 1
    method = calls(data / "test_it.py.TestCase.test_method.frames")
    assert method["TestCase.test_method"] == method["TestCase.run"] == 1


def test_the_slowest_come_first(run: Run) -> None:
    """The summary has a line for each, with what took most of it."""
    ran = run(SUITE, "--frame-profile")
    lines = ran.lines("  test_it.py::")
    assert len(lines) == 3
    assert "test_slow" in lines[0]
    assert "in wide)" in lines[0]
    (line,) = ran.lines("frametools report")
    assert line.endswith(
        "frametools report 'frame-profiles/test_it.py.test_slow.frames'"
    )


def test_no_more_than_ten(run: Run) -> None:
    """A large suite has its ten slowest there, and says so."""
    ran = run(
        "@pytest.mark.parametrize('x', range(12))\ndef test_it(x): pass",
        "--frame-profile",
    )
    assert len(ran.lines("  test_it.py::")) == 10
    assert len(ran.lines("slowest tests, 10 of 12 that were profiled")) == 1


def test_failures_have_a_profile_too(run: Run, pytester: pytest.Pytester) -> None:
    """Whatever becomes of a test: what it called is there, and pytest's report is."""
    ran = run(
        SUITE
        + """
@pytest.fixture
def broken():
    work(4)
    raise ValueError("no")
def test_broken(broken): pass
def test_skipped():
    work(6)
    pytest.skip("later")
def test_failing():
    assert work(8) == 0
""",
        "--frame-profile=data",
        "-k=broken or skipped or failing",
    )
    assert ran.counts == {"errors": 1, "failed": 1, "skipped": 1, "deselected": 3}
    assert len(ran.lines('raise ValueError("no")')) == 1
    assert len(ran.lines("frametools/")) == 0
    for test, times in (("broken", 4), ("skipped", 6), ("failing", 8)):
        path = pytester.path / "data" / f"test_it.py.test_{test}.frames"
        assert calls(path)["work"] == times


def test_the_ini_file_has_it_too(run: Run, pytester: pytest.Pytester) -> None:
    """`frame_profile` is the folder; the command line goes before it."""
    pytester.makeini("[pytest]\nframe_profile = always\n")
    run(SUITE, "-k=fast")
    run(SUITE, "-k=fast", "--frame-profile=now")
    for folder in ("always", "now"):
        assert len(list((pytester.path / folder).iterdir())) == 1


def test_collecting_writes_nothing(run: Run, pytester: pytest.Pytester) -> None:
    """No test runs, so there is no folder."""
    run(SUITE, "--frame-profile", "--collect-only")
    assert not (pytester.path / "frame-profiles").exists()


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (["--frame-profile", "."], "has other files than profiles"),
        (["--frame-profile=test_it.py"], "test_it.py: Not a directory"),
        (["--frame-profile=test_it.py/x"], "Not a directory"),
        (["--frame-profile="], "needs a folder"),
    ],
)
def test_a_bad_folder_is_one_line(run: Run, words: list[str], problem: str) -> None:
    """Nothing is run then: with a space, what to test would be taken for a folder."""
    ran = run(SUITE, *words)
    assert ran.exit == pytest.ExitCode.USAGE_ERROR
    (line,) = [line for line in ran.errors.splitlines() if line]
    assert line.startswith("ERROR: --frame-profile")
    assert problem in line


def test_leaks_are_found_as_ever(run: Run, pytester: pytest.Pytester) -> None:
    """Both at once: the profile has nothing of the detector, and keeps nothing."""
    source = "def test_leak(): leak()\ndef test_clean(): pass\n"
    ran = run(source, "--frame-leaks=warn", "--frame-profile=data")
    assert ran.counts == {"passed": 2, "kept": 1}
    found = calls(pytester.path / "data" / "test_it.py.test_leak.frames")
    assert found["load_big"] == 1
    assert not any(name.startswith(("Baseline", "Detector")) for name in found)


TAKEN = """
import sys
if hasattr(sys, "monitoring"):
    for number in (2, 3, 4, 5):
        sys.monitoring.use_tool_id(number, "somebody")
else:
    sys.setprofile(lambda *args: None)
"""


def test_where_another_tool_is_at_work(
    run_apart: Run, pytester: pytest.Pytester
) -> None:
    """The tests run without a profile, and the summary tells why."""
    pytester.makeconftest(TAKEN)
    ran = run_apart(SUITE, "--frame-profile")
    assert ran.counts == {"passed": 3}
    assert ran.lines("3 tests not profiled to the end: MonitorError")
    assert list((pytester.path / "frame-profiles").iterdir()) == []


@pytest.mark.slow
def test_xdist(pytester: pytest.Pytester) -> None:
    """Workers write the files, and the controller shows the slowest."""
    pytest.importorskip("xdist")
    pytester.makepyfile(test_it="import pytest\n" + SUITE)
    result = pytester.runpytest_subprocess("-n2", "--frame-profile=data")
    assert result.parseoutcomes() == {"passed": 3}
    assert len(list((pytester.path / "data").iterdir())) == 3
    lines = [line for line in result.outlines if "  test_it.py::" in line]
    assert len(lines) == 3
    assert "test_slow" in lines[0]


def test_names_of_files() -> None:
    """A name says which test it is; what cannot stand in one has a digest."""
    assert file_name("tests/test_a.py::TestB::test_c") == (
        "tests.test_a.py.TestB.test_c.frames"
    )
    assert file_name("test_a.py::test_b[1-2.5]") == "test_a.py.test_b[1-2.5].frames"
    ids = ["t.py::t[a b]", "t.py::t[a_b]", "t.py::t[a;b]", "t.py::t[\x00]"]
    ids += [f"t.py::t[{'x' * number}]" for number in (300, 301)]
    names = list(map(file_name, ids))
    assert len(set(names)) == len(names)
    assert all(len(name) < 180 and name.isascii() for name in names)
