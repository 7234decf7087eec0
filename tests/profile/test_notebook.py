"""`%frameprofile` and `%%frameprofile`, in an IPython of its own."""

from __future__ import annotations

import html
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from frametools._command_line import OptionError
from frametools.calltree import CallTree
from frametools.profile.notebook import framed, split, without_idle_threads
from tests.profile.conftest import DECODE, Grower
from tests.profile.conftest import FIB as CALLED
from tests.profile.running import ROOT

pytest.importorskip("IPython")

LOAD = "%load_ext frametools"
FIB = "def fib(n):\n    return n if n < 2 else fib(n - 1) + fib(n - 2)\n"
FAILING = "def inner():\n    return 1 / 0\ninner()\nprint('not reached')\n"
SLIM = """class Slim(Exception):
    def __setattr__(self, *args):
        raise AttributeError
raise Slim
"""


def run(folder: Path, *cells: str, kind: str = "terminal") -> list[dict[str, Any]]:
    """Run cells after `%load_ext`; in the end no frame of them is alive."""
    script = str(Path(__file__).with_name("cells.py"))
    paths = [str(ROOT), os.environ.get("PYTHONPATH", "")]
    done = subprocess.run(
        [sys.executable, script, kind, LOAD, *cells],
        cwd=folder,
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join(filter(None, paths)),
            "IPYTHONDIR": str(folder / "ipython"),
            "COLUMNS": "100",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    loaded, *answers, alive = json.loads(done.stdout)
    assert loaded["error"] == ""
    assert alive == 0
    return answers


def test_a_statement(tmp_path: Path) -> None:
    """The report has what the statement called; its value is shown as ever."""
    _, fib = run(tmp_path, FIB, "%frameprofile --limit 1 --sort calls fib(10)")
    assert fib["out"].startswith("Out[2]: 55\nframetools: %frameprofile  (CPython ")
    assert re.search(r"\n +177/1 .* fib +In\[1\]:1\n", fib["out"])
    assert "IPython/core/interactiveshell" not in fib["out"]


@pytest.mark.usefixtures("tree")
def test_threads_that_wait_are_no_part_of_it(grower: Grower) -> None:
    """Those that only wait in the standard library, as IPython's and a kernel's do."""
    for name, calls in (
        ("waits", 0),
        ("works", 1),
        ("IPythonHistorySavingThread", 1),
    ):
        root = grower.thread(name)
        grower.call(root, DECODE, 3, calls=calls)
    grower.call(grower.thread("own"), CALLED, 3, calls=0)
    left = without_idle_threads(grower.finish())
    names = [thread.name for thread in left.threads]
    assert names == ["MainThread", "worker", "works", "own"]


def test_a_cell_has_what_it_defines(tmp_path: Path) -> None:
    """It is run as a cell: names stay, the last expression is shown."""
    cell, after = run(
        tmp_path, "%%frameprofile\nx = {'a': 1}\n" + FIB + "fib(7)", "x, fib(2)"
    )
    assert cell["out"].startswith("Out[1]: 13\n")
    assert "fib" in cell["out"]
    assert after["out"].endswith("({'a': 1}, 1)\n")


def test_braces_and_quotes_are_pythons(tmp_path: Path) -> None:
    """IPython fills in no variables, and no word of the statement changes."""
    statement = """print({k: "a  b" for k in 'x'}, f"{1 + 1}", '$HOME')"""
    (answer,) = run(tmp_path, f"%frameprofile --limit 0 {statement}")
    assert answer["out"].startswith("{'x': 'a  b'} 2 $HOME\n")


def test_an_error_is_shown_as_ever(tmp_path: Path) -> None:
    """The same traceback as without, and the cell has failed; the report is there."""
    plain, magic, again = run(tmp_path, FAILING, "%%frameprofile\n" + FAILING, "1")
    assert plain["error"] == magic["error"] == "ZeroDivisionError"
    report, traceback = magic["out"].split("-" * 75)
    expected = plain["out"].replace("In[1]", "In[2]")
    assert "-" * 75 + traceback == expected
    assert "inner" in report
    assert "\nnot reached" not in magic["out"]
    assert "InteractiveTB" not in report
    assert again["error"] == ""


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("x y", "SyntaxError"),
        ("eval('1 +')", "SyntaxError"),
        ("import sys; sys.exit(3)", "SystemExit"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt"),
        (SLIM, "Slim"),
    ],
)
def test_every_error_is_shown_once(tmp_path: Path, code: str, name: str) -> None:
    """Whatever IPython does with it, the outer cell fails by the same name."""
    (answer,) = run(tmp_path, f"%%frameprofile --limit 0\n{code}")
    assert answer["error"] == name
    shown = answer["out"] + answer["err"]
    assert len(re.findall(rf"^{name}\b(?!.*Traceback)", shown, re.MULTILINE)) == 1
    assert "notebook.py" not in shown or name == "Slim"


def test_files(tmp_path: Path) -> None:
    """-o and --html write what the command writes."""
    _, answer = run(
        tmp_path, FIB, "%frameprofile --limit 0 -o 'a b.frames' --html p.html fib(5)"
    )
    assert answer["out"].endswith("data: a b.frames\npage: p.html\n")
    tree = CallTree.load(str(tmp_path / "a b.frames"))
    calls = {row.code: row.calls for row in tree.functions()}
    found = {code.filename: n for code, n in calls.items() if code.qualname == "fib"}
    assert found == {"In[1]": 15}
    page = (tmp_path / "p.html").read_text(encoding="utf-8")
    assert page.lower().startswith("<!doctype html>")


def test_a_notebook_shows_the_page(tmp_path: Path) -> None:
    """In a frame without any right but to run its script; the text is beside it."""
    _, page, text = run(
        tmp_path,
        FIB,
        "%frameprofile fib(5)",
        "%frameprofile --text fib(5)",
        kind="notebook",
    )
    (data,) = page["displayed"]
    (source,) = re.findall(
        r'^<iframe sandbox="allow-scripts" .* srcdoc="([^"]*)"></iframe>$',
        data["text/html"],
        re.DOTALL,
    )
    assert html.unescape(source).lower().startswith("<!doctype html>")
    assert "fib" in data["text/plain"]
    assert "frametools:" not in page["out"]
    assert text["displayed"] == []
    assert "frametools: %frameprofile" in text["out"]


def test_a_page_cannot_leave_its_frame() -> None:
    """Nothing in a page ends the attribute that it stands in."""
    text = '"></iframe><script>1</script>&quot;'
    (source,) = re.findall(r'srcdoc="([^"]*)"></iframe>$', framed(text))
    assert "<" not in source
    assert html.unescape(source) == text


@pytest.mark.parametrize(
    ("cell", "problem"),
    [
        ("%frameprofile", "%frameprofile needs a statement"),
        ("%frameprofile --wrong 1", "no such option: --wrong"),
        ("%frameprofile --limit x 1", "--limit needs a whole number"),
        ("%frameprofile -o none/x.frames 1", "is not a directory"),
        ("%frameprofile -o other.txt 1", "is not a frametools data file"),
        ("%frameprofile --html other.txt 1", "is not an HTML page"),
        ("%%frameprofile 1 + 1\n2", "the code stands below %%frameprofile"),
    ],
)
def test_what_is_wrong_is_one_line(tmp_path: Path, cell: str, problem: str) -> None:
    """And nothing is run."""
    (tmp_path / "other.txt").write_text("text")
    (answer,) = run(tmp_path, cell)
    assert answer["out"] == ""
    (line,) = answer["err"].splitlines()
    assert line.startswith("UsageError: ")
    assert problem in line
    assert (tmp_path / "other.txt").read_text() == "text"


def test_help_and_unload(tmp_path: Path) -> None:
    """`--help` lists the options; without the extension there is no magic."""
    answers = run(
        tmp_path, "%frameprofile --help", "%unload_ext frametools", "%frameprofile 1"
    )
    assert "--text" in answers[0]["out"]
    assert "not found" in answers[2]["err"]


def test_await(tmp_path: Path) -> None:
    """A cell may await in the terminal; in a notebook, whose loop runs, it is told."""
    code = "%%frameprofile\nimport asyncio\nawait asyncio.sleep(0)\nprint('done')"
    (answer,) = run(tmp_path, code)
    assert answer["out"].startswith("done\n")
    inside = "import asyncio\nasync def main():\n    get_ipython().run_cell_magic("
    inside += "'frameprofile', '', 'await asyncio.sleep(0)')\nasyncio.run(main())"
    (answer,) = run(tmp_path, inside)
    assert answer["error"] == "UsageError"
    assert "cannot await in a notebook" in answer["err"]


def test_parting_the_line() -> None:
    """Options end where the statement begins, which stays as it is."""
    for line, statement in (
        ("--raw  f( 'a  b' )", "f( 'a  b' )"),
        ('--include "a b*" --sort=cum x - y', "x - y"),
        ("-o out.frames -- -x", "-x"),
        ("print('it''s \"')", "print('it''s \"')"),
        ("print('''open", "print('''open"),
        ("", ""),
    ):
        assert split(line)[1] == statement
    options, _ = split("--include 'a b*' --limit 3 x")
    assert (options.include, options.limit) == (("a b*",), 3)
    with pytest.raises(OptionError, match="needs a value"):
        split("--sort")
