"""`frametools report`: data files shown again, and errors in one line."""

from __future__ import annotations

import os
import pstats
import struct
import subprocess
import sys
import time
from pathlib import Path

import pytest

from frametools.calltree import CallTree
from frametools.profile import _report
from frametools.profile._facts import EXCEPTIONS
from tests.profile.conftest import lacking, rendered
from tests.profile.running import REPORT, environment, report


@pytest.fixture
def data(tree: CallTree, tmp_path: Path) -> Path:
    """Save the hand-made tree as a data file."""
    path = tmp_path / "app.frames"
    tree.save(path)
    return path


def test_every_form_is_written(data: Path, tree: CallTree) -> None:
    """--format names a form; what it writes is what the form writes."""
    for form in ("summary", "table", "tree", "collapsed", "speedscope"):
        done = report(data.parent, data.name, "--format", form)
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout == rendered(tree, form), form


def test_what_was_not_recorded(data: Path) -> None:
    """One line that names the option which records it, and status 2."""
    for form, option in {
        "memory": "--memory",
        "exceptions": "--exceptions",
        "tasks": "event loops",
        "processes": "--subprocesses",
        "retention": "--retention",
    }.items():
        done = report(data.parent, data.name, "-f", form)
        assert (done.returncode, done.stdout) == (2, ""), form
        assert done.stderr.startswith(f"frametools: {form} shows ")
        assert option in done.stderr.rstrip("\n")


def test_no_exception_at_all(tree: CallTree) -> None:
    """That is another thing than none recorded."""
    tree.notes.append((EXCEPTIONS, b"[]"))
    assert lacking(tree, "exceptions") == "no exception was raised"


def test_options_shape_it(data: Path, tree: CallTree) -> None:
    """--sort, --limit, --clock and --raw do what they do in the forms."""
    done = report(data.parent, "app.frames", "-f", "table", "--sort=calls", "--limit=3")
    assert done.stdout == rendered(tree, "table", sort="calls", limit=3)
    done = report(data.parent, "app.frames", "-f", "tree", "--clock", "wall", "--raw")
    assert done.stdout == rendered(tree, "tree", clock="wall", raw=True)


def test_pstats_to_a_file_and_a_pipe(data: Path) -> None:
    """The binary form goes wherever bytes can go."""
    report(data.parent, "app.frames", "-f", "pstats", "-o", "app.pstats")
    dump = data.parent / "app.pstats"
    assert pstats.Stats(str(dump)).total_calls == 38_417  # type: ignore[attr-defined]
    command = [sys.executable, *REPORT, str(data), "-f", "pstats"]
    piped = subprocess.run(
        command, env=environment(), capture_output=True, check=True, cwd=data.parent
    )
    assert piped.stdout == dump.read_bytes()


def test_the_same_on_a_terminal(data: Path) -> None:
    """A terminal gets colours and its width, and no binary form."""
    pty = pytest.importorskip("pty", reason="no terminals here")
    ours, theirs = pty.openpty()
    command = [sys.executable, *REPORT, str(data), "-f"]
    env = environment(COLUMNS="70", TERM="xterm")
    subprocess.run([*command, "table"], env=env, stdout=theirs, check=True)
    refused = subprocess.run(
        [*command, "pstats"],
        env=env,
        stdout=theirs,
        stderr=subprocess.PIPE,
        check=False,
    )
    text = os.read(ours, 10_000).decode()
    os.close(ours)
    os.close(theirs)
    assert "\x1b[1m" in text
    assert (refused.returncode, refused.stderr) == (
        2,
        b"frametools: pstats is binary: name a file with -o\n",
    )


def newer(data: Path) -> None:
    """Give the file the next version of the format."""
    bytes_ = bytearray(data.read_bytes())
    struct.pack_into("=I", bytes_, 12, 7)
    data.write_bytes(bytes_)


def truncated(data: Path) -> None:
    """Cut the file off in the middle of its header."""
    data.write_bytes(data.read_bytes()[:900])


def foreign(data: Path) -> None:
    """Put something else in its place."""
    data.write_text("this is not it\n" * 1000)


def empty(data: Path) -> None:
    """Leave no byte."""
    data.write_bytes(b"")


def missing(data: Path) -> None:
    """Leave no file."""
    data.unlink()


@pytest.mark.parametrize("words", [["--html"], ["-f", "html", "-o"]], ids=str)
def test_a_page_replaces_pages_only(words: list[str], data: Path) -> None:
    """A program whose name came behind --html is left alone, as by the others."""
    program = data.with_name("app.py")
    program.write_text("print(1)")
    done = report(data.parent, data.name, *words, program.name)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert done.stderr.endswith("app.py is not an HTML page; it is left alone\n")
    assert program.read_text() == "print(1)"
    for _ in range(2):
        done = report(data.parent, data.name, *words, "page.html")
        assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("damage", [newer, truncated, foreign, empty, missing])
def test_files_that_cannot_be_read(damage: object, data: Path) -> None:
    """One line, status 2, nothing on standard output."""
    damage(data)  # type: ignore[operator]
    done = report(data.parent, "app.frames")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert done.stderr.startswith("frametools: ")
    assert "app.frames" in done.stderr


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "no data file; try frametools report --help"),
        (["app.frames", "b"], "one data file, not 2"),
        (["app.frames", "-f", "flame"], "--format knows callgrind, collapsed"),
        (["app.frames", "--sort", "x"], "--sort knows self, cum"),
        (["app.frames", "--low"], "no such option: --low"),
        (["app.frames", "-o", "no/x"], "cannot write no/x: No such file"),
        (["app.frames", "-o", "app.frames"], "is the data file itself"),
        (["app.frames", "-o", ""], "cannot write '': "),
        (["app.frames", "--html", "no/x"], "no is not a directory"),
        ([""], "'': No such file"),
        (["."], "."),
    ],
)
def test_wrong_commands(words: list[str], message: str, data: Path) -> None:
    """What is wrong is said in a line, and the data stay whole."""
    before = data.read_bytes()
    done = report(data.parent, *words)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert message in done.stderr
    assert data.read_bytes() == before
    assert [path.name for path in data.parent.iterdir()] == ["app.frames"]


def test_help_names_every_form(tmp_path: Path) -> None:
    """--help lists the forms that are there."""
    done = report(tmp_path, "--help")
    assert done.returncode == 0
    assert ", ".join(_report.names()) in done.stdout


def test_another_data_file_is_left_alone(data: Path) -> None:
    """-o takes the place of an older report, and of no data file."""
    other = data.with_name("other.frames")
    other.write_bytes(data.read_bytes())
    done = report(data.parent, data.name, "-o", other.name)
    message = "frametools: other.frames is a frametools data file; it is left alone\n"
    assert (done.returncode, done.stderr) == (2, message)
    assert other.read_bytes() == data.read_bytes()
    text = data.with_name("report.txt")
    text.write_text("older")
    assert report(data.parent, data.name, "-o", text.name).returncode == 0
    assert text.read_text().startswith("frametools: app.py")


def test_a_file_of_a_process_that_runs(tree: CallTree) -> None:
    """A file without an end tells if its process has ended or still runs."""
    tree.is_finished = False
    tree.pid = os.getppid()
    tree.start_unix_ns = time.time_ns()
    runs = f"note: the process still runs (pid {tree.pid})"
    assert rendered(tree, "notices").startswith(runs)
    tree.start_unix_ns = 1  # whoever has the pid now came later
    ended = "note: the process ended before it could finish"
    assert rendered(tree, "notices").startswith(ended)


def test_a_file_without_the_cpu_time_of_its_process(tree: CallTree) -> None:
    """What a killed process did not write is summed up from its threads."""
    image = tree.to_image()
    image.cpu_now_ns = 0
    assert CallTree.from_image(image).cpu_ns == 80_000_000


def test_a_closed_pipe_is_no_error(data: Path) -> None:
    """`frametools report FILE | head` ends without a word."""
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, *REPORT, str(data)]
    done = subprocess.run(
        command, env=environment(), stdout=writer, stderr=subprocess.PIPE, check=False
    )
    os.close(writer)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
def test_a_full_disk(data: Path) -> None:
    """One line, wherever the report was to go."""
    done = report(data.parent, "app.frames", "-o", "/dev/full")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    with open("/dev/full", "w") as full:
        done = report(
            data.parent,
            "app.frames",
            capture_output=False,
            stdout=full,
            stderr=subprocess.PIPE,
        )
    assert done.returncode == 2
    assert done.stderr == (
        "frametools: cannot write standard output: No space left on device\n"
    )


def test_a_file_of_another_machine(tree: CallTree, tmp_path: Path) -> None:
    """What is shown depends on the file alone: no code of the program is needed."""
    tree.save(tmp_path / "a.frames")
    assert not os.path.exists("/src/app.py")
    done = report(tmp_path, "a.frames", "-f", "tree")
    assert "app.py:20" in done.stdout
