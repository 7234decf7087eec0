"""`frametools retention` from end to end, in processes of its own."""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path

import pytest

from frametools._command_line import OptionError
from frametools._python import HAS_LAST_EXC
from frametools.retention.command.options import parse
from tests.profile.running import python, script

RETENTION = ["-m", "frametools.retention"]
NONE = "frametools: at exit: no frame is kept\n"
KEEPS = """
import os, signal, sys
kept = []
def handle(number):
    data = bytearray(1 << 20)
    try:
        raise ValueError(number)
    except ValueError as error:
        kept.append(error)
def ask():
    os.kill(os.getpid(), signal.SIGUSR2)
"""


def run(folder: Path, source: str, *options: str) -> tuple[int, str, list[str]]:
    """Run a program under the command: status, stdout, our lines of stderr."""
    script(folder, source)
    done = python(folder, *RETENTION, *options, "app.py")
    ours = [
        line.partition("frametools: ")[2]
        for line in done.stderr.splitlines()
        if "frametools: " in line
    ]
    return done.returncode, done.stdout, ours


def leaks_of(path: Path) -> list[tuple[str, int]]:
    """Function and count of each leak in a file of --json."""
    leaks = json.loads(path.read_text())["leaks"]
    return [(leak["frames"][0]["function"], leak["count"]) for leak in leaks]


@pytest.mark.parametrize(
    "command", [RETENTION, ["-m", "frametools", "retention"]], ids=" ".join
)
def test_nothing_is_one_line(tmp_path: Path, command: list[str]) -> None:
    """A program that keeps no frame gets one line, and keeps its own exit status."""
    script(tmp_path, "import sys\nprint(sys.argv)\nsys.exit(3)")
    done = python(tmp_path, *command, "app.py", "--all", "x")
    assert (done.returncode, done.stderr) == (3, NONE)
    assert done.stdout == "['app.py', '--all', 'x']\n"


MANY = """
kept = []
def handle(length):
    data = [[n] for n in range(length)]
    try:
        raise ValueError
    except ValueError as error:
        kept.append(error)
handle(30)
handle(100_000)
"""


def test_budget_in_seconds(tmp_path: Path) -> None:
    """In more time the sizes are whole; what is listed is never more than the sum."""
    for budget, are_whole in (("0.001", False), ("60", True), ("1m", True)):
        status, _, (line,) = run(tmp_path, MANY, "--budget", budget)
        assert status == 0
        assert (">= " not in line) == are_whole


@pytest.mark.parametrize(
    ("text", "seconds"), [("10", 10.0), ("0.5", 0.5), ("500ms", 0.5), ("2 m", 120.0)]
)
def test_budget_is_read(text: str, seconds: float) -> None:
    """A number of seconds, or a time with its unit."""
    assert parse(["--budget", text, "app.py"])[0].budget == seconds


@pytest.mark.parametrize("text", ["0", "-1", "x", "nan", "inf", "1e400", ""])
def test_budget_that_is_none(text: str) -> None:
    """One sentence says what would be a time."""
    wanted = f"--budget: {text!r} is no number of seconds: one such as 10, 0.5, "
    with pytest.raises(OptionError, match=f"^{wanted}500ms, 2m is$"):
        parse(["--budget", text, "app.py"])


def test_the_end(tmp_path: Path) -> None:
    """What is kept at the end is reported: function, holder, size."""
    script(tmp_path, KEEPS + "handle(1)\nhandle(2)\n")
    done = python(tmp_path, *RETENTION, "app.py")
    assert "frametools: at exit: frames are still alive: 2 leaks, 2.0 MiB\n" in (
        done.stderr
    )
    assert "handle" in done.stderr
    assert "__main__.kept" in done.stderr
    assert "frametools/" not in done.stderr
    assert "runpy" not in done.stderr


def test_what_frees_itself_is_not_reported(tmp_path: Path) -> None:
    """A cycle that waits for the collector is left out, but for --cycles."""
    source = KEEPS + "def cycle():\n    me = sys._getframe()\ncycle()\n"
    assert run(tmp_path, source)[2] == ["at exit: no frame is kept"]
    assert run(tmp_path, source, "--cycles")[2] != ["at exit: no frame is kept"]


def test_the_last_exception_is_one_line(tmp_path: Path) -> None:
    """What ended the program is shown as ever; its frames are a leak with --all."""
    source = KEEPS + "def end():\n    data = bytearray(1 << 20)\n    1 / 0\nend()\n"
    script(tmp_path, source)
    plain = python(tmp_path, "app.py")
    done = python(tmp_path, *RETENTION, "app.py")
    assert done.returncode == plain.returncode
    assert done.stderr.startswith(plain.stderr)
    (line,) = done.stderr.removeprefix(plain.stderr).splitlines()
    name = "last_exc" if HAS_LAST_EXC else "last_value"
    assert line.startswith(
        f"frametools: at exit: no frame is kept but those of sys.{name}, "
        "a ZeroDivisionError: 2 frames (1.0 MiB)"
    )
    everything = python(tmp_path, *RETENTION, "--all", "app.py").stderr
    assert "frames are still alive: 1 leak, 1.0 MiB" in everything


def test_min_and_limit(tmp_path: Path) -> None:
    """--min leaves small leaks out; those over --limit are one line."""
    source = KEEPS + "handle(1)\ndef g():\n    yield\nwaits = g()\nnext(waits)\n"
    assert run(tmp_path, source, "--min", "2MiB")[2] == ["at exit: no frame is kept"]
    assert "1 leak, 1.0 MiB" in run(tmp_path, source, "--min=512KiB")[2][0]
    script(tmp_path, source)
    shown = python(tmp_path, *RETENTION, "--limit", "1", "app.py").stderr
    assert "... and 1 more, " in shown
    assert shown.endswith("; --limit 2 shows all\n")


@pytest.mark.skipif(not hasattr(signal, "SIGUSR2"), reason="no such signal here")
def test_a_signal(tmp_path: Path) -> None:
    """Each signal gives a report with its time, and the program goes on."""
    source = KEEPS + "handle(1)\nask()\nhandle(2)\nask()\nprint('end')\n"
    status, out, lines = run(tmp_path, source, "--signal", "USR2", "--no-report")
    assert (status, out, len(lines)) == (0, "end\n", 2)
    for line, leaks in zip(lines, ("1 leak, 1.0 MiB", "2 leaks, 2.0 MiB"), strict=True):
        assert line.endswith(f"SIGUSR2: frames are still alive: {leaks}")


@pytest.mark.skipif(not hasattr(signal, "SIGUSR2"), reason="no such signal here")
def test_a_handler_of_the_program(tmp_path: Path) -> None:
    """One set by the program has the signal from then on, which the end tells."""
    source = KEEPS + (
        "former = signal.signal(signal.SIGUSR2, lambda *a: print('own'))\nask()\n"
        "signal.signal(signal.SIGUSR2, lambda *a: former(*a))\nask()\n"
    )
    status, out, lines = run(tmp_path, source, "--signal=sigusr2")
    assert (status, out) == (0, "own\n")
    assert lines[0].endswith("SIGUSR2: no frame is kept")
    assert lines[1:] == [
        "SIGUSR2 is the program's own now, it asks for no report",
        "at exit: no frame is kept",
    ]


@pytest.mark.skipif(not hasattr(signal, "SIGTERM"), reason="no such signal here")
def test_a_signal_that_ends_the_program(tmp_path: Path) -> None:
    """SIGTERM still kills, after the report."""
    source = KEEPS + "handle(1)\nos.kill(os.getpid(), signal.SIGTERM)\nprint('no')\n"
    status, out, lines = run(tmp_path, source, "--signal", "TERM")
    assert (status, out, len(lines)) == (-signal.SIGTERM, "", 1)
    assert lines[0].endswith("SIGTERM: frames are still alive: 1 leak, 1.0 MiB")


def test_every(tmp_path: Path) -> None:
    """Reports come by themselves, from a thread that the program does not see."""
    source = KEEPS + (
        "import threading, time\nhandle(1)\n"
        "while not os.path.exists('a.json'): time.sleep(0.001)\n"
        "print(threading.active_count())\n"
    )
    options = ["--every", "20ms", "--json", "a.json", "--no-report"]
    status, out, lines = run(tmp_path, source, *options)
    assert (status, out) == (0, "1\n")
    assert lines[0].endswith(": frames are still alive: 1 leak, 1.0 MiB")
    assert leaks_of(tmp_path / "a.json") == [("handle", 1)]


def test_json(tmp_path: Path) -> None:
    """The file has all that was found, and stands where it was named."""
    source = KEEPS + "handle(1)\nhandle(2)\nos.mkdir('x')\nos.chdir('x')\n"
    status, _, lines = run(tmp_path, source, "--json", "a.json", "--no-report")
    assert (status, lines) == (0, [])
    assert leaks_of(tmp_path / "a.json") == [("handle", 2)]
    assert [path.name for path in tmp_path.glob("a.json*")] == ["a.json"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_a_forked_child(tmp_path: Path) -> None:
    """A child that gets the signal has a file of its own; its end reports nothing."""
    source = KEEPS + (
        "if not os.fork():\n    handle(1)\n    ask()\n    sys.exit()\nos.wait()\n"
    )
    options = ["--signal", "USR2", "--json", "a.json"]
    _, _, lines = run(tmp_path, source, *options)
    assert lines[0].endswith(": frames are still alive: 1 leak, 1.0 MiB")
    assert lines[1:] == ["at exit: no frame is kept"]
    (child,) = tmp_path.glob("a.*.json")
    assert leaks_of(child) == [("handle", 1)]
    assert leaks_of(tmp_path / "a.json") == []


@pytest.mark.parametrize(
    "harm",
    [
        "import builtins as b\nfor name in 'len', 'open', 'id': delattr(b, name)",
        "sys.stderr = sys.stdout = None",
        "import json\nsys.modules['json'] = sys.modules['enum'] = None\njson = None",
        "sys.setrecursionlimit(40)",
        "sys.settrace(lambda *a: 1 / 0)",
        "sys.path[:] = sys.meta_path[:] = []",
    ],
)
def test_a_broken_interpreter(tmp_path: Path, harm: str) -> None:
    """The report comes though the program has left nothing whole."""
    source = KEEPS + f"handle(1)\n{harm}\n"
    status, _, lines = run(tmp_path, source, "--json", "a.json")
    assert (status, lines) == (
        0,
        ["at exit: frames are still alive: 1 leak, 1.0 MiB"],
    )
    assert leaks_of(tmp_path / "a.json") == [("handle", 1)]


def test_the_program_is_not_there(tmp_path: Path) -> None:
    """One line, and status 2; also when only running it shows that."""
    for words in (["nope.py"], ["-m", "nope"], []):
        done = python(tmp_path, *RETENTION, *words)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith("frametools: ")
        assert done.stderr.count("\n") == 1


def test_help_and_version(tmp_path: Path) -> None:
    """Both go to standard output; the help names every option."""
    from frametools.retention.command.options import SPECS

    shown = python(tmp_path, *RETENTION, "--help").stdout
    assert [name for name in SPECS if name not in shown] == []
    assert max(map(len, shown.splitlines()[2:])) <= 88
    version = python(tmp_path, *RETENTION, "--version").stdout
    assert version.startswith("frametools ")


def test_files_that_are_not_written(tmp_path: Path) -> None:
    """What is no JSON is left alone, and a folder has to be there."""
    script(tmp_path, "print(1)")
    for name, problem in (
        ("app.py", "app.py is no JSON; it is left alone"),
        (".", ". is a directory"),
        ("no/a.json", "cannot write no/a.json: there is no folder no"),
    ):
        done = python(tmp_path, *RETENTION, "--json", name, "app.py")
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr == f"frametools: {problem}\n"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--nope"], "no such option: --nope; --help lists them"),
        (["--signal", "FOO"], "--signal: there is no signal 'FOO' here; USR2 is one"),
        (["--signal=KILL"], "--signal: no program goes on after SIGKILL"),
        (["--signal=sigsegv"], "--signal: no program goes on after SIGSEGV"),
        (["--signal=INT"], "--signal: SIGINT ends the program"),
        (["--every", "60"], "--every: '60' is no time: one such as 500ms, 60s"),
        (["--every", "0s"], "--every: '0s' is no time"),
        (["--every", "nan s"], "--every: 'nan s' is no time"),
        (["--every", "1e99h"], "--every: '1e99h' is no time"),
        (["--min", "big"], "--min: 'big' is no size"),
        (["--limit", "some"], "--limit needs a whole number"),
        (["--json="], "--json needs the name of a file"),
        (["--json"], "--json needs a value"),
        (["--all=1"], "--all takes no value"),
    ],
)
def test_wrong_options(words: list[str], message: str) -> None:
    """The message names the option, in one line."""
    with pytest.raises(OptionError) as caught:
        parse(words)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_values() -> None:
    """Units are those that people write; the rest is the program's."""
    words = "--signal usr2 --every 1.5m --min 1MiB --limit 3 app.py --all".split()
    options, rest = parse(words)
    assert (options.signal, options.every) == (signal.SIGUSR2, 90.0)
    assert (options.min_size, options.limit) == (1 << 20, 3)
    assert (options.everything, rest) == (False, ["app.py", "--all"])
    number = str(int(signal.SIGUSR2))
    assert parse(["--signal", number])[0].signal == signal.SIGUSR2
    assert [parse(["--every", text])[0].every for text in ("500ms", "60s", "1 h")] == [
        0.5,
        60.0,
        3600.0,
    ]
    assert sys.exc_info() == (None, None, None)
