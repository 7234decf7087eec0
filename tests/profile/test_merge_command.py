"""`frametools merge`: many data files become one, and errors in one line."""

from __future__ import annotations

import gc
import json
import os
from pathlib import Path
from types import FrameType

import pytest

from frametools._image import layout
from frametools.calltree import CallTree
from frametools.calltree.memory import Memory
from frametools.calltree.merging import Merging
from frametools.profile import _merge_command
from frametools.profile._processes import with_children
from tests.profile.conftest import CODES, FIB, MAIN, RUN, Grower, grow, rendered
from tests.profile.running import profile, python, script

MERGE = ["-m", "frametools", "merge"]


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    """Save three runs of a program; the second lacks a thread, and was slower."""
    grow(Grower()).save(tmp_path / "a.frames")
    second = Grower()
    main = second.call(second.thread("MainThread"), MAIN, 200, cpu=150)
    second.call(main, RUN, 180, cpu=140, calls=3)
    second.finish(exit_status=3, peak_rss=50 << 20).save(tmp_path / "b.frames")
    grow(Grower()).save(tmp_path / "c.frames")
    return ["a.frames", "b.frames", "c.frames"]


def merge(*words: str) -> int:
    """Run the command here."""
    return _merge_command.main(list(words))


def frames_alive() -> int:
    """Count the frame objects that only a collection could free."""
    gc.collect()
    return sum(type(each) is FrameType for each in gc.get_objects())


def merge_keeping_no_frame(*words: str) -> int:
    """Run the command here, and see that it leaves no frame alive."""
    before = frames_alive()
    status = merge(*words)
    assert frames_alive() == before
    return status


def test_it_adds_up(
    files: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Counts and times of each context are those of all files together."""
    monkeypatch.chdir(tmp_path)
    assert merge_keeping_no_frame(*files, "-o", "all.frames") == 0
    said = capsys.readouterr()
    assert said.out.startswith("3 files merged, 17 nodes, ")
    assert said.out.endswith("; to see it: frametools report all.frames\n")
    trees = [CallTree.load(path) for path in files]
    tree = CallTree.load("all.frames")
    assert tree == trees[0].merge(*trees[1:])
    rows = {row.code: row for row in tree.functions()}
    assert (rows[RUN].calls, rows[FIB].calls) == (2 + 3 + 2, 8 + 8)
    assert rows[MAIN].cum_wall == (100 + 200 + 100) * 1_000_000
    assert rows[MAIN].cum_cpu == (70 + 150 + 70) * 1_000_000
    assert [thread.name for thread in tree.threads] == ["MainThread", "worker"]
    assert (tree.wall_ns, tree.cpu_ns) == (3 * 120_000_000, 3 * 81_000_000)


def test_a_directory_is_the_data_files_in_it(
    files: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Whatever their names; what else is in it is left out, and named."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "data"
    (folder / "inner").mkdir(parents=True)
    for name in files:
        (folder / name).write_bytes((tmp_path / name).read_bytes())
    (folder / "b.frames").rename(folder / "b\x1b")
    (folder / "inner" / "d.frames").write_bytes((folder / "a.frames").read_bytes())
    os.mkfifo(folder / "pipe")
    expected = _merge_command.merged(files)
    assert merge_keeping_no_frame("data", "-o", "data/all.frames") == 0
    first, *rest = capsys.readouterr().out.splitlines()
    assert first.startswith("3 files merged, ")
    assert rest == []
    assert CallTree.load("data/all.frames") == expected
    for number in range(7):
        (folder / f"note{number}.txt").write_text("a note")
    assert merge("data", "a.frames", "-o", "data/all.frames") == 0
    first, left_out = capsys.readouterr().out.splitlines()
    assert first.startswith("4 files merged, ")
    names = ", ".join(f"data/note{number}.txt" for number in range(5))
    assert left_out == f"left out, as no data files: {names} and 2 more"


def test_a_sum_in_a_directory_is_named(
    files: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """It counts, as one of several may be meant to; sums alone are as any files."""
    monkeypatch.chdir(tmp_path)
    assert merge(*files, "-o", "s\x1b") == 0
    capsys.readouterr()
    assert merge(".", "-o", "x") == 0
    first, sums = capsys.readouterr().out.splitlines()
    assert first.startswith("4 files merged, ")
    assert sums == "counted, though sums of others: ./s\\x1b"
    assert merge("s\x1b", "x", "-o", "y") == 0
    assert len(capsys.readouterr().out.splitlines()) == 1


@pytest.mark.parametrize("command", [["report"], ["report", "-f", "html"], ["diff"]])
def test_others_take_no_directory(command: list[str], tmp_path: Path) -> None:
    """One line says so, and what does."""
    grow(Grower()).save(tmp_path / "a.frames")
    words = ["a.frames", "."] if command == ["diff"] else ["."]
    done = python(tmp_path, "-m", "frametools", *command, *words)
    assert (done.returncode, done.stdout) == (2, "")
    line = ". is a directory; frametools merge adds up the data files in it"
    assert done.stderr == f"frametools: {line}\n"


def test_the_order_of_files_does_not_matter(files: list[str], tmp_path: Path) -> None:
    """Any order, and sums of sums, give the same counts and times."""
    paths = [str(tmp_path / name) for name in files]
    tree, other = _merge_command.merged(paths), _merge_command.merged(paths[::-1])
    assert tree == other
    assert sum(tree.wall) == sum(other.wall)
    _merge_command.merged(paths[:2]).save(tmp_path / "two.frames")
    again = _merge_command.merged([str(tmp_path / "two.frames"), paths[2]])
    assert again == tree
    assert again.info["merged"] == tree.info["merged"]


def test_facts(files: list[str], tmp_path: Path) -> None:
    """What all agree on stays; the rest is counted, or the largest."""
    paths = [str(tmp_path / name) for name in files]
    info = _merge_command.merged(paths).info
    assert info["merged"] == {"files": 3, "unfinished": 0, "failed": 1, "commands": 1}
    assert info["peak_rss"] == 50 << 20
    assert "exit_status" not in info
    head = rendered(_merge_command.merged(paths), "summary")
    assert head.startswith("frametools: 3 files merged: app.py --fast 'two words'")
    assert "note: of the runs merged, 1 ended with a status other than 0" in head
    assert _merge_command.merged(paths[1:2]).info["exit_status"] == 3
    Grower().finish(command=["b.py"], python="CPython 3.12.1", cwd="/other").save(
        tmp_path / "d.frames"
    )
    tree = _merge_command.merged([*paths, str(tmp_path / "d.frames")])
    assert tree.info["python"] == "CPython 3.13.0, CPython 3.12.1"
    assert "cwd" not in tree.info
    assert "4 files merged: app.py --fast 'two words' and 1 other command" in (
        rendered(tree, "head", width=120)
    )


def test_a_sum_is_of_no_run(tmp_path: Path) -> None:
    """Of a run of --subprocesses it has all that was given, and no more."""
    first, child = tmp_path / "out.frames", tmp_path / "out.8.frames"
    grow(Grower(), run="7-1").save(first)
    grow(Grower(), run="7-1", parent=7).save(child)
    target = tmp_path / "out.9.frames"
    merged = _merge_command.merged([str(first), str(child)])
    assert not {"run", "parent"} & set(merged.info)
    merged.save(target)
    assert with_children(CallTree.load(target), str(target)) == merged
    both = with_children(CallTree.load(first), str(first))
    assert [row["file"] for row in both.info["processes"]] == [first.name, child.name]


def test_memory_of_two_kinds_is_told_of() -> None:
    """RSS and allocations cannot be added: a note says that some are missing."""
    for other, told in (("rss", 0), ("allocated", 1)):
        merging = Merging(of_files=True)
        for source in ("rss", other):
            tree = grow(Grower())
            tree.memory = Memory(source, 10, 1, 0, True, {2: (1, 5, 9)})
            merging.add(tree)
        total = merging.finish()
        assert rendered(total, "notices").count("some files have RSS") == told
        assert total.memory is not None
        assert (total.memory.source, total.memory.samples) == ("rss", 2 - told)


def notes(grower: Grower, info: object, exceptions: object) -> CallTree:
    """Make a tree with notes of a run with --exceptions and --retention."""
    grower.call(grower.thread("MainThread"), MAIN, 10)
    tree = CallTree.from_image(grower.image)
    tree.notes = [
        (layout.META_INFO, json.dumps(info).encode()),
        (layout.META_EXCEPTIONS, json.dumps(exceptions).encode()),
    ]
    return tree


def test_exceptions_and_frames_alive_add_up() -> None:
    """Rows of the same function are one, so that many files make no more rows."""
    raised = {
        "type": "builtins.ValueError",
        "function": "run",
        "filename": "/src/app.py",
        "firstlineno": 10,
        "raised": 3,
        "handled": 2,
        "cleared": 0,
        "escaped": 1,
        "control_flow": False,
        "example": None,
    }
    alive = {
        "function": "run",
        "filename": "/src/app.py",
        "line": 12,
        "kind": "kept",
        "frames": 2,
        "size": 4_096,
        "is_least": False,
        "held": "app.saved[...]",
    }
    found = {"rows": [alive], "left_out": 1, "last": "x"}
    merging = Merging(of_files=True)
    for _ in range(3):
        info = {"retention": found, "subinterpreters": True, "notices": ["n"]}
        merging.add(notes(Grower(), info, [raised]))
    tree = merging.finish()
    assert tree.exceptions == [{**raised, "raised": 9, "handled": 6, "escaped": 3}]
    assert tree.info["retention"] == {
        "rows": [{**alive, "frames": 6, "size": 12_288}],
        "left_out": 3,
        "last": "x",
    }
    assert "9 raised, 6 handled, 3 escaped" in rendered(tree, "exceptions")
    assert "frames still alive at exit" in rendered(tree, "retention")
    text = rendered(tree, "notices")
    assert "note: n\n" in text
    assert "subinterpreters" in text


@pytest.mark.parametrize(
    "damage",
    [
        {"merged": 3, "retention": 7, "notices": 5, "peak_rss": "x"},
        {"merged": {"files": "many"}, "retention": {"rows": 3}, "command": 4},
        {"retention": {"rows": [1, {"function": []}]}, "python": [], "notices": [[]]},
    ],
    ids=["scalars", "words", "lists"],
)
def test_damaged_notes_cost_themselves(damage: object) -> None:
    """Whatever the notes hold, the figures are merged."""
    merging = Merging(of_files=True)
    for _ in range(2):
        merging.add(notes(Grower(), damage, [{"type": []}, {"type": {}}, 4]))
    tree = merging.finish()
    assert sum(tree.calls) == 2
    assert tree.info["merged"]["files"] == 2


def test_the_events_of_a_recording_are_left_out(tmp_path: Path) -> None:
    """A sum has no time line; what reports say of one does not come up."""
    program = script(tmp_path, "def f():\n    pass\nf()\n")
    for name in "a.frames", "b.frames":
        profile(tmp_path, "--record", "--max-events=3", "-o", name, program.name)
    done = python(tmp_path, *MERGE, "a.frames", "b.frames", "--output=all.frames")
    assert (done.returncode, done.stderr) == (0, "")
    tree = CallTree.load(tmp_path / "all.frames")
    assert (tree.has_events, tree.is_cut_late, tree.events_dropped) == (False,) * 3
    rows = {row.code.qualname: row.calls for row in tree.functions()}
    assert rows["f"] == 2
    assert "max-events" not in rendered(tree, "notices", data="all.frames")
    assert "<!doctype html>" in rendered(tree, "html", data="all.frames")


def test_a_process_that_was_killed_counts(files: list[str], tmp_path: Path) -> None:
    """What a file had before its process died is in the sum, with a note."""
    data = bytearray((tmp_path / "c.frames").read_bytes())
    data[28] &= ~layout.FINISHED
    (tmp_path / "c.frames").write_bytes(data)
    tree = _merge_command.merged([str(tmp_path / name) for name in files])
    assert "of the files merged, 1 had no end" in rendered(tree, "notices")


def test_too_large_a_number_is_the_largest() -> None:
    """Counts that overflow, as of damage, neither fail nor wrap around."""
    merging = Merging()
    for _ in range(3):
        grower = Grower()
        root = grower.thread("MainThread")
        first = grower.call(root, MAIN, 1, calls=2**63)
        grower.call(first, RUN, 1, calls=5)
        merging.add(CallTree.from_image(grower.image))
    assert list(merging.finish().calls) == [0, 0, 2**64 - 1, 15]


def test_nodes_and_names_in_another_order() -> None:
    """Contexts are found by caller and name, not by number."""
    grower, other = Grower(), Grower()
    for each, codes in (grower, CODES), (other, CODES[::-1]):
        each.image.codes = list(codes)
    first = grower.image.add_thread("MainThread").root
    second = other.image.add_thread("MainThread").root
    for code in MAIN, RUN, FIB:
        first = grower.image.add_node(first, CODES.index(code))
        grower.image.calls[first] = 1
    for code in FIB, MAIN:
        node = other.image.add_node(second, CODES[::-1].index(code))
        other.image.calls[node] = 1
    trees = [CallTree.from_image(each.image) for each in (grower, other)]
    merged = trees[0].merge(trees[1])
    counts = {
        tuple(merged.ref(at).qualname for at in merged.path(node)): merged.calls[node]
        for node in merged.walk()
    }
    assert counts == {
        (): 0,
        ("<module>",): 2,
        ("<module>", "run"): 1,
        ("<module>", "run", "fib"): 1,
        ("fib",): 1,
    }


def cut(path: Path) -> None:
    """Cut a file off in its middle."""
    path.write_bytes(path.read_bytes()[:5_000])


@pytest.mark.parametrize("damage", [cut, Path.unlink], ids=["cut", "missing"])
@pytest.mark.parametrize("is_there", [True, False], ids=["replaced", "new"])
def test_a_bad_file_leaves_all_as_it_was(
    damage: object,
    is_there: bool,
    files: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """One line names it, the status is 2, and nothing is written."""
    if is_there:
        grow(Grower()).save(tmp_path / "all.frames")
    damage(tmp_path / "c.frames")  # type: ignore[operator]
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    monkeypatch.chdir(tmp_path)
    assert merge(*files, "-o", "all.frames") == 2
    said = capsys.readouterr()
    assert (said.out, said.err.count("\n")) == ("", 1)
    assert said.err.startswith("frametools: c.frames")
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "no data file; try frametools merge --help"),
        (["a.frames"], "-o OUT is missing: where the merged data go"),
        (["a.frames", "-o"], "-o needs a value"),
        (["a.frames", "-o", "a.frames"], "a.frames is the output too; -o names"),
        (["a.frames", "./a.frames", "-o", "x"], "./a.frames is given twice, and"),
        (["a.frames", "-o", "note.txt"], "note.txt is not a frametools data file"),
        (["a.frames", "note.txt", "-o", "x"], "note.txt is not a frametools data"),
        (["a.frames", ".", "-o", "x"], "./a.frames is given twice, and"),
        (["empty", "-o", "x"], "no data file in empty; folders in it do not count"),
        (["a.frames", "-o", "no/x"], "cannot write no/x: No such file"),
        (["a.frames", "-o", "."], ". is not a regular file; -o names another"),
        (["a.frames", "--sort", "x"], "no such option: --sort"),
        (["--", "-o", "x"], "-o OUT is missing"),
    ],
)
def test_wrong_commands(
    words: list[str],
    message: str,
    files: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """What is wrong is said in a line, and nothing is written."""
    (tmp_path / "note.txt").write_text("a note")
    (tmp_path / "empty" / "inner").mkdir(parents=True)
    grow(Grower()).save(tmp_path / "empty" / "inner" / "d.frames")
    (tmp_path / "empty" / "none").touch()
    monkeypatch.chdir(tmp_path)
    before = {path: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()}
    assert merge(*words) == 2
    said = capsys.readouterr()
    assert (said.out, said.err.count("\n")) == ("", 1)
    assert said.err.startswith(f"frametools: {message}")
    after = {path: path.read_bytes() for path in tmp_path.iterdir() if path.is_file()}
    assert after == before


def test_help_and_version(capsys: pytest.CaptureFixture[str]) -> None:
    """Both are answered without a file."""
    assert merge("--help") == merge("--version") == 0
    said = capsys.readouterr().out
    assert said.startswith("usage: frametools merge FILE... -o OUT\n")
    assert said.splitlines()[-1].startswith("frametools ")
