"""`frametools diff`: two runs, or groups of runs, compared function by function."""

from __future__ import annotations

import gc
import json
import os
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from frametools.calltree import CallTree
from frametools.profile._report import ReportOptions
from frametools.profile.diff import command, text
from frametools.profile.diff.comparison import METRICS, Comparison, Side
from tests.profile.conftest import (
    DECODE,
    FETCH,
    FIB,
    LEN,
    MAIN,
    PARSE,
    RUN,
    Grower,
)
from tests.profile.running import python


def grow(parse: float, *, calls: int = 100, new: bool = False) -> CallTree:
    """Make a run; a new one has other code, where FETCH took the place of FIB."""
    grower = Grower()
    names = grower.image.codes
    if new:
        # Lines have moved, and a file was renamed.
        names[:] = [
            code._replace(
                filename=code.filename.replace("app.py", "start.py"),
                firstlineno=code.firstlineno + 2 * bool(code.filename),
            )
            for code in names
        ]
    module = grower.call(grower.thread("MainThread"), MAIN, parse + 40, cpu=parse + 35)
    run = grower.call(module, RUN, parse + 30, cpu=parse + 30)
    work = grower.call(run, PARSE, parse, calls=calls)
    grower.call(work, LEN, 2, calls=1_000)
    grower.call(run, FETCH if new else FIB, 20, cpu=19)
    grower.call(run, DECODE, 5)
    return grower.finish()


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Save three runs of the old code and three of the new, here."""
    monkeypatch.chdir(tmp_path)
    names = []
    for name, new, times in (
        ("old", False, (30.0, 31.0, 32.0)),
        ("new", True, (40.0, 41.5, 43.0)),
    ):
        for at, parse in enumerate(times):
            names.append(f"{name}{at}.frames")
            grow(parse, calls=100 + 50 * new, new=new).save(names[-1])
    return names


@pytest.fixture
def one(files: list[str]) -> Comparison:
    """One run on each side."""
    return Comparison(Side(files[:1]), Side(files[3:4]))


@pytest.fixture
def many(files: list[str]) -> Comparison:
    """Three runs on each side."""
    return Comparison(Side(files[:3]), Side(files[3:]))


def written(comparison: Comparison, **options: Any) -> str:
    """Write the table."""
    out, chosen = StringIO(), ReportOptions()
    for name, value in options.items():
        setattr(chosen, name, value)
    text.write(comparison, out, chosen)
    return out.getvalue()


def test_rows_are_of_both_sides(one: Comparison) -> None:
    """Functions are found again by name; what is on one side is new or gone."""
    rows = {row.code.qualname: row for row in one.rows}
    assert {name: row.state for name, row in rows.items()} == {
        "<module>": "",
        "run": "",
        "Parser.parse": "",
        "builtins.len": "",
        "fetch": "new",
        "JSONDecoder.decode": "",
        "fib": "gone",
    }
    parse = rows["Parser.parse"].figures
    assert parse["calls"][:2] == (100, 150)
    assert parse["self_cpu"][:2] == (28_000_000, 38_000_000)
    assert parse["cum_wall"].change == 10_000_000
    assert parse["cum_wall"].percent == pytest.approx(100 / 3)
    assert rows["fib"].figures["self_wall"][:2] == (20_000_000, 0)
    assert rows["fetch"].figures["self_wall"].percent is None
    assert parse["calls"].noise is None


def test_they_are_sorted_by_the_size_of_the_change(one: Comparison) -> None:
    """The largest change is first, whether slower or faster."""
    for metric in METRICS:
        changes = [abs(row.figures[metric].change) for row in one.ranked(metric)]
        assert changes == sorted(changes, reverse=True)
    names = [row.code.qualname for row in one.ranked("name")]
    assert names == sorted(names)


def test_the_noise_is_what_runs_of_a_side_differ_by(many: Comparison) -> None:
    """Means are compared; what two runs differ by anyway is no change."""
    rows = {row.code.qualname: row for row in many.rows}
    parse = rows["Parser.parse"].figures["cum_wall"]
    assert (parse.old, parse.new, parse.noise) == (31_000_000, 41_500_000, 3_000_000)
    assert not parse.is_noise
    assert rows["JSONDecoder.decode"].figures["cum_wall"].noise == 0
    assert many.whole["calls"].noise == 0
    assert many.ranked("cum_wall")[0].code.qualname == "fetch"


def test_a_change_within_the_noise_comes_last(files: list[str]) -> None:
    """Between runs of one side there is noise only; a run without a row counts."""
    both = Comparison(Side(files[:2]), Side([files[2]]))
    rows = {row.code.qualname: row.figures["cum_cpu"] for row in both.rows}
    assert (rows["Parser.parse"].change, rows["Parser.parse"].noise) == (1.5e6, 1e6)
    mixed = Comparison(Side([files[0], files[3]]), Side([files[1]]))
    parts = {row.code: row.figures["calls"] for row in mixed.rows}
    assert parts[FIB].noise == 1
    assert parts[FIB].is_noise
    order = [row.figures["calls"].is_noise for row in mixed.ranked("calls")]
    assert order == sorted(order)


@pytest.mark.parametrize("name", ["one", "many", "wide", "narrow", "ascii"])
def test_the_table(
    name: str,
    one: Comparison,
    many: Comparison,
    golden: Callable[[str, str], None],
) -> None:
    """The table is as it was seen to be good."""
    options: dict[str, dict[str, Any]] = {
        "one": {},
        "many": {"limit": 4},
        "wide": {"width": 160, "sort": "wall"},
        "narrow": {"width": 70, "sort": "calls"},
        "ascii": {"width": 120, "unicode": False, "sort": "name", "raw": True},
    }
    shown = many if name in ("many", "wide") else one
    golden(f"diff-{name}.txt", written(shown, **options[name]))


def test_nothing_to_compare(tmp_path: Path) -> None:
    """Two runs in which nothing was called are no error."""
    path = str(tmp_path / "empty.frames")
    Grower().finish().save(path)
    assert "no function was called" in written(Comparison(Side([path]), Side([path])))


def diff(*words: str) -> int:
    """Run the command here."""
    return command.main(list(words))


def frames_alive() -> int:
    """Count the frame objects that the collector knows."""
    gc.collect()
    return sum(type(each) is FrameType for each in gc.get_objects())


def test_json_has_every_figure(
    files: list[str], one: Comparison, capsys: pytest.CaptureFixture[str]
) -> None:
    """What the table rounds and leaves out, programs get whole."""
    before = frames_alive()
    assert diff(files[0], files[3], "--json") == 0
    assert frames_alive() == before
    found = json.loads(capsys.readouterr().out)
    assert found["version"] == 1
    assert found["old"]["files"] == files[:1]
    assert found["new"]["command"] == ["app.py", "--fast", "two words"]
    assert found["whole"]["wall"]["change"] == 0
    rows = {row["function"]: row for row in found["functions"]}
    assert len(rows) == len(one.rows)
    assert [row["function"] for row in found["functions"]] == [
        row.code.qualname for row in one.ranked("self_cpu")
    ]
    assert rows["run"]["old"] == {"file": RUN.filename, "line": RUN.firstlineno}
    assert rows["run"]["new"] == {"file": "/src/start.py", "line": 12}
    assert (rows["fib"]["state"], rows["fib"]["new"]) == ("gone", None)
    assert rows["Parser.parse"]["self_cpu"] == {
        "old": 28_000_000,
        "new": 38_000_000,
        "change": 10_000_000,
        "percent": 35.714,
        "noise": None,
        "is_noise": False,
    }


@pytest.mark.parametrize("form", [[], ["--json"]], ids=["text", "json"])
def test_a_file_instead_of_the_output(
    form: list[str], files: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """-o has what standard output would have, and replaces what was there."""
    out = Path(files[0]).with_name("d.out")
    out.write_text("older")
    assert diff(files[0], files[3], *form, "-o", str(out)) == 0
    assert capsys.readouterr().out == ""
    assert diff(files[0], files[3], *form) == 0
    shown = capsys.readouterr().out.splitlines()
    assert out.read_text(encoding="utf-8").split()[:9] == " ".join(shown).split()[:9]


def test_sides_of_several_files(
    files: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """--old and --new take as many files as follow, wherever options stand."""
    words = ["--old", *files[:3], "--json", "--limit=2", "--new", *files[3:]]
    assert diff(*words) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["old"]["files"], found["new"]["files"]) == (files[:3], files[3:])
    assert len(found["functions"]) == 2
    options = command.parse(["--old=a", "b", "--new", "c", "--", "--json"])
    assert (options.old, options.new, options.json) == (
        ["a", "b"],
        ["c", "--json"],
        False,
    )


def test_a_run_of_several_processes(files: list[str], tmp_path: Path) -> None:
    """All its processes are compared, as a report shows them; --alone, the first."""
    for name, extra in (
        ("run", {}),
        ("run.8", {"parent": 7}),
        ("run.9", {"parent": 7}),
    ):
        tree = grow(30)
        tree.info = {**tree.info, "run": "7-1", **extra}
        tree.save(f"{name}.frames")
    before = frames_alive()
    for words, calls in (([], 300), (["--alone"], 100)):
        assert diff("run.frames", files[0], "--html", "x.html", *words) == 0
        alone = bool(words)
        sides = Side(["run.frames"], alone=alone), Side(files[:1], alone=alone)
        (row,) = (r for r in Comparison(*sides).rows if r.code == PARSE)
        assert (row.figures["calls"].old, row.figures["calls"].new) == (calls, 100)
    several = Side(["run.frames", files[0]])
    assert several.whole()[0] * 2 == 4 * sum(grow(30).calls)
    del sides, row, several
    assert frames_alive() == before


def test_from_a_shell(files: list[str], tmp_path: Path) -> None:
    """The command is found, and writes the table to standard output."""
    words = ["-m", "frametools", "diff", "old0.frames", "new0.frames", "--limit=3"]
    done = python(tmp_path, *words)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == written(
        Comparison(Side(files[:1]), Side(files[3:4])), limit=3
    )


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "no old data file; try frametools diff --help"),
        (["a"], "no new data file; try frametools diff --help"),
        (["a", "b", "c"], "two data files, not 3; several are --old A B --new C D"),
        (["a", "--old", "b", "--new", "c"], "a is of no side: name it after --old"),
        (["--old", "a"], "no new data file"),
        (["--old", "a", "./a", "--new", "b"], "./a is given twice as old"),
        (["a", "nix"], "nix: No such file or directory"),
        (["a", "note.txt"], "note.txt is not a frametools data file"),
        (["a", "."], ". is a directory; frametools merge adds up"),
        (
            ["a", "b", "--sort=depth"],
            "--sort knows self, cum, self-wall, wall, ",
        ),
        (["a", "b", "--html", "a"], "--html: "),
        (["a", "b", "--html", "note.txt"], "--html: "),
        (["a", "b", "--html", "no/x.html"], "--html: "),
        (["a", "b", "--html", "x.html", "--json"], "--html and --json exclude"),
        (["a", "b", "-o", "a"], "a is a frametools data file; it is left alone"),
        (["a", "b", "-o", "no/x"], "cannot write no/x: No such file or directory"),
        (["a", "b", "-o", "x", "--html", "y"], "--html OUT is where the page goes"),
    ],
)
def test_wrong_commands(
    words: list[str],
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """What is wrong is said in a line, and nothing is written."""
    grow(30).save(tmp_path / "a")
    grow(31).save(tmp_path / "b")
    (tmp_path / "note.txt").write_text("a note")
    monkeypatch.chdir(tmp_path)
    before = {path: Path(path).read_bytes() for path in os.listdir()}
    assert diff(*words) == 2
    said = capsys.readouterr()
    assert (said.out, said.err.count("\n")) == ("", 1)
    assert said.err.startswith(f"frametools: {message}")
    assert {path: Path(path).read_bytes() for path in os.listdir()} == before


def test_help_and_version(capsys: pytest.CaptureFixture[str]) -> None:
    """Both are answered without a file."""
    assert diff("--help") == diff("--version") == 0
    said = capsys.readouterr().out
    assert said.startswith("usage: frametools diff OLD NEW [options]\n")
    assert said.splitlines()[-1].startswith("frametools ")
