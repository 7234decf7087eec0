"""Each option of the plugin, and its twin in the ini file."""

from __future__ import annotations

import json

import pytest

from tests.pytest_plugin.running import Run

pytest_plugins = ["pytester"]

LEAK = "def test_it(): leak()\n"
CYCLE = """
def test_it():
    data = bytearray(3 << 20)
    with pytest.raises(RuntimeError) as caught:
        load_big()
"""
ONCE = """
def test_it():
    if not saved:
        leak()
"""


def ini(pytester: pytest.Pytester, *lines: str) -> None:
    """Write pytest.ini."""
    pytester.makeini("\n".join(["[pytest]", *lines]))


def test_it_is_off_until_asked_for(run: Run) -> None:
    """Without the option a test may leave what it wants."""
    ran = run(LEAK)
    assert ran.exit == 0
    assert ran.counts == {"passed": 1}


def test_off_loads_nothing(pytester: pytest.Pytester) -> None:
    """Neither the detector nor `frametools.retention` is imported while it is off."""
    pytester.makepyfile("def test_it(): pass")
    pytester.makeconftest(
        "import sys\n"
        "def pytest_unconfigure():\n"
        "    print(*sorted(n for n in sys.modules if n.startswith('frametools')))\n"
    )
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider")
    (names,) = [line for line in result.outlines if line.startswith("frametools")]
    assert names.split() == [
        "frametools",
        "frametools.pytest_plugin",
        "frametools.pytest_plugin.options",
    ]


def test_warn_lets_the_test_pass(run: Run) -> None:
    """A test that leaves frames has the letter K, and the run succeeds."""
    ran = run(LEAK, "--frame-leaks=warn")
    assert ran.exit == 0
    assert ran.counts == {"passed": 1, "kept": 1}
    assert ran.lines("test_it.py .K")
    assert ran.lines("= kept frames =")
    assert ran.lines("test_it.saved[0]")


def test_fail_fails_the_test(run_apart: Run) -> None:
    """The test fails, and the exit status is 1; the word is KEPT."""
    ran = run_apart(LEAK, "--frame-leaks=fail", "-v")
    assert ran.exit == 1
    assert ran.counts == {"failed": 1}
    assert ran.lines("test_it.py::test_it KEPT")
    assert ran.lines("- kept frames -")
    (line,) = ran.lines("in test_it.py::test_it")
    assert line.startswith("KEPT  held by test_it.saved[0]  3.0 MiB  load_big (")


def test_the_holder_is_seen_in_80_columns(
    monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    """Pytest's summary cuts the line of a test; who holds the frames comes first."""
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.delenv("BUILD_NUMBER", raising=False)
    test = "def test_that_an_order_is_saved_whole(): leak()\n"
    ran = run(test, "--frame-leaks=fail")
    (line,) = ran.lines("test_it.py::test_that_an_order_is_saved_whole - ")
    assert len(line) <= 80
    assert " - held by test_it.saved[0]" in line


def test_frames_of_pytest_are_folded_away(run: Run) -> None:
    """Callers through f_back are shown up to the test; of pytest's, how many."""
    hidden = "def test_it():\n    __tracebackhide__ = True\n    leak()\n"
    ran = run(hidden, "--frame-leaks=warn")
    assert ran.lines("frames of pytest")
    assert not ran.lines("pytest_pyfunc_call")
    assert not ran.lines("test_it (")


@pytest.mark.parametrize("mode", ["warn", "fail"])
def test_mode_in_the_ini_file(pytester: pytest.Pytester, run: Run, mode: str) -> None:
    """frame_leaks is the twin of --frame-leaks, which goes before it."""
    ini(pytester, f"frame_leaks = {mode}")
    assert run(LEAK).exit == (mode == "fail")
    assert run(LEAK, "--frame-leaks=off").counts == {"passed": 1}


def test_minimum(pytester: pytest.Pytester, run: Run) -> None:
    """What keeps less than --frame-leaks-min does not count: 1 MiB if not given."""
    small = "def test_it(): leak(mebibytes=0)\n"
    assert run(small, "--frame-leaks=fail").exit == 0
    assert run(small, "--frame-leaks=fail", "--frame-leaks-min=0").exit == 1
    assert run(LEAK, "--frame-leaks=fail", "--frame-leaks-min=4 MiB").exit == 0
    ini(pytester, "frame_leaks_min = 4MiB")
    assert run(LEAK, "--frame-leaks=fail").exit == 0


def test_cycles(pytester: pytest.Pytester, run: Run) -> None:
    """Garbage that waits for the collector counts with --frame-leaks-cycles."""
    assert run(CYCLE, "--frame-leaks=fail").exit == 0
    assert run(CYCLE, "--frame-leaks=fail", "--frame-leaks-cycles").exit == 1
    ini(pytester, "frame_leaks_cycles = true")
    assert run(CYCLE, "--frame-leaks=fail").exit == 1


@pytest.mark.parametrize("mode", ["warn", "fail"])
def test_json(pytester: pytest.Pytester, run: Run, mode: str) -> None:
    """--frame-leaks-json writes all that was found, whatever the mode."""
    run(LEAK, f"--frame-leaks={mode}", "--frame-leaks-json=kept.json")
    data = json.loads((pytester.path / "kept.json").read_text())
    (entry,) = data["tests"]
    assert data["version"] == 1
    assert (entry["node"], entry["verdict"]) == ("test_it.py::test_it", "kept")
    assert entry["leak"]["holders"][0]["path"] == "test_it.saved[0]"
    assert entry["leak"]["frames"][0]["function"] == "load_big"


def test_json_takes_the_place_of_a_file(pytester: pytest.Pytester, run: Run) -> None:
    """Who reads the former one meanwhile reads it whole; nothing is left beside it."""
    file = pytester.path / "kept.json"
    file.write_text("what was there before")
    with file.open() as reader:
        run(LEAK, "--frame-leaks=warn", "--frame-leaks-json=kept.json")
        assert reader.read() == "what was there before"
    assert len(json.loads(file.read_text())["tests"]) == 1
    assert sorted(pytester.path.glob("*.json*")) == [file]


def test_json_in_the_ini_file(pytester: pytest.Pytester, run: Run) -> None:
    """A run that found nothing writes a file, too."""
    ini(pytester, "frame_leaks_json = kept.json")
    run("def test_it(): pass", "--frame-leaks=warn")
    assert json.loads((pytester.path / "kept.json").read_text())["tests"] == []


def test_all_lists_what_does_not_count(pytester: pytest.Pytester, run: Run) -> None:
    """--frame-leaks-all shows what is small or cleared, and fails no test for it."""
    small = """
def test_small(): leak(mebibytes=0)
def test_cleared():
    leak()
    import traceback
    error = saved[-1]
    saved[:] = [error.__traceback__.tb_next.tb_frame]
    error.__traceback__ = None
    del error
    saved[0].clear()
"""
    ran = run(small, "--frame-leaks=fail", "--frame-leaks-all")
    assert (ran.exit, ran.counts) == (0, {"passed": 2})
    assert ran.lines("does not count: below the minimum")
    assert not run(small, "--frame-leaks=fail").lines("does not count")
    ini(pytester, "frame_leaks_all = true")
    assert run(small, "--frame-leaks=fail").lines("does not count")


def test_rerun_tells_a_cache(pytester: pytest.Pytester, run: Run) -> None:
    """With --frame-leaks-rerun what only the first of two runs leaves is no leak."""
    assert run(ONCE, "--frame-leaks=fail").exit == 1
    ran = run(ONCE, "--frame-leaks=fail", "--frame-leaks-rerun")
    assert (ran.exit, ran.counts) == (0, {"passed": 1})
    ran = run(LEAK, "--frame-leaks=fail", "--frame-leaks-rerun")
    assert (ran.exit, ran.counts) == (1, {"failed": 1})
    ini(pytester, "frame_leaks_rerun = true")
    assert run(ONCE, "--frame-leaks=fail").exit == 0


def test_rerun_sets_fixtures_up_again(run: Run) -> None:
    """The second run has fixtures, and a class's instance, of its own."""
    ran = run(
        """
@pytest.fixture
def number(tmp_path):
    print("set up")
    yield 1
    print("torn down")

class TestIt:
    @pytest.mark.parametrize("n", [1, 2])
    def test_it(self, number, n):
        assert not hasattr(self, "seen")
        self.seen = True
        leak()
""",
        "--frame-leaks=warn",
        "--frame-leaks-rerun",
        "-s",
    )
    assert ran.counts == {"passed": 2, "kept": 2}
    assert len(ran.lines("set up")) == len(ran.lines("torn down")) == 4


def test_ignore(pytester: pytest.Pytester, run: Run) -> None:
    """Holders whose path is in frame_leaks_ignore may keep frames."""
    ini(pytester, "frame_leaks_ignore =", "    other.*", "    test_it.saved*")
    assert run(LEAK, "--frame-leaks=fail").exit == 0
    ini(pytester, "frame_leaks_ignore = other.*")
    assert run(LEAK, "--frame-leaks=fail").exit == 1


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ("--frame-leaks=no", "--frame-leaks: 'no' is none of off, warn, fail"),
        ("--frame-leaks-min=much", "--frame-leaks-min: 'much' is no size"),
        ("--frame-leaks-json=no/x", "--frame-leaks-json: there is no folder for"),
    ],
)
def test_bad_values(run: Run, option: str, message: str) -> None:
    """A value that makes no sense ends the run with one line."""
    options = [option] if "leaks=" in option else ["--frame-leaks=warn", option]
    ran = run(LEAK, *options)
    (line,) = ran.errors.strip().splitlines()
    assert ran.exit == pytest.ExitCode.USAGE_ERROR
    assert line.startswith(f"ERROR: {message}")


def test_bad_values_in_the_ini_file(pytester: pytest.Pytester, run: Run) -> None:
    """The message names the twin."""
    ini(pytester, "frame_leaks = maybe")
    assert "frame_leaks: 'maybe' is none of off, warn, fail" in run(LEAK).errors
