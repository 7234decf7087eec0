"""What rich draws on a terminal: the same text, with styles and links."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from frametools.profile.diff.comparison import Comparison, Side
from tests.profile.conftest import (
    FIB,
    MAIN,
    RUN,
    Grower,
    grow,
    grow_named,
    rendered,
)
from tests.profile.running import ROOT, profile, python, report, script
from tests.profile.test_diff import written
from tests.profile.test_progress import run_on_terminal
from tests.profile.test_watch import Terminal

Golden = Callable[[str, str], None]
LINK = re.compile(r"\x1b\]8;(?:id=\d+)?;(.*?)\x1b\\")
STYLE = re.compile(r"\x1b\[[\d;]*m")
COLOUR = re.compile(r"\x1b\[[\d;]*\b3(8;5;|[1-7]m)")
FORCED = {"FORCE_COLOR": "1", "TERM": "xterm-256color"}


@pytest.fixture(autouse=True)
def of_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """The terminal is the same wherever this runs."""
    monkeypatch.setenv("TERM", "xterm-256color")
    for name in ("COLORTERM", "NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)


def plain(text: str) -> str:
    """The text alone."""
    return STYLE.sub("", LINK.sub("", text))


@pytest.mark.parametrize("width", [80, 100, 160])
def test_styles_are_added_to_the_same_text(width: int, grower: Grower) -> None:
    """What one sees on a terminal is what goes into a pipe: nothing moves."""
    tree = grow(grower)
    styled = rendered(tree, "summary", is_styled=True, width=width)
    assert plain(styled) == rendered(tree, "summary", width=width)
    assert COLOUR.search(styled)


def test_a_terminal_of_forty_columns(grower: Grower) -> None:
    """Columns of less use go, then the ends of rows; no row becomes two."""
    text = plain(rendered(grow(grower), "summary", is_styled=True, width=40))
    lines = text.splitlines()
    assert max(map(len, lines)) <= 40
    assert sum("fib" in line for line in lines) == 3


def test_the_looks(grower: Grower, golden: Golden) -> None:
    """They are as they were seen to be good."""
    golden("summary-styled.txt", rendered(grow(grower), "summary", is_styled=True))


def test_a_comparison_is_of_the_same_family(tmp_path: Path) -> None:
    """More is hot, less is cool, and nothing moves."""
    paths = [str(tmp_path / name) for name in ("old", "new")]
    for path, run in zip(paths, (100, 150), strict=True):
        grower = Grower()
        module = grower.call(grower.thread("MainThread"), MAIN, 400)
        grower.call(module, RUN, run)
        grower.call(module, FIB, 250 - run)
        grower.finish().save(path)
    comparison = Comparison(Side(paths[:1]), Side(paths[1:]))
    styled = written(comparison, is_styled=True)
    assert plain(styled) == written(comparison)
    assert "\x1b[1;38;5;160m+50.00" in styled
    assert "\x1b[38;5;28m-50.00" in styled


def test_names_are_no_markup(
    grower: Grower, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Nor emoji codes; and what steers a terminal stays an escape."""
    names = ("[red]a[/]", ":smile:", "b\x1b[2J\tc", "[link=x]d")
    grow_named(grower, monkeypatch, names, "MainThread")
    tree = grower.finish(command=["[b]app.py[/b]"])
    text = rendered(tree, "summary", is_styled=True, links=True)
    assert plain(text) == rendered(tree, "summary")
    for name in ("[red]a[/]", ":smile:", "b\\x1b[2J\\tc", "[link=x]d", "[b]app.py[/b]"):
        assert name in text
    assert LINK.findall(text) == []


@pytest.mark.parametrize("name", ["解析器处理文档" * 9, "🚀launch" * 9, "naïve☀️" * 9])
def test_wide_characters_keep_the_columns(
    name: str, grower: Grower, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the widths that rich knows."""
    grow_named(grower, monkeypatch, (name, "short"), "MainThread")
    text = plain(rendered(grower.finish(), "table", is_styled=True))
    places = {cell_len(row[: row.index("app.py:")]) for row in text.splitlines()[3:]}
    assert len(places) == 1
    assert max(map(cell_len, text.splitlines())) <= 100


@pytest.mark.parametrize("form", ["table", "tree"])
def test_a_place_leads_to_its_file(form: str, grower: Grower, tmp_path: Path) -> None:
    """If that is here; and no column moves by it."""
    path = tmp_path / "a b;\x1b.py"
    path.write_text("")
    grower.image.codes = [MAIN, RUN._replace(filename=str(path))]
    module = grower.call(grower.thread("MainThread"), MAIN, 100)
    node = grower.image.add_node(module, 1)
    grower.image.calls[node], grower.image.wall[node] = 1, 90_000_000
    tree = grower.finish()
    assert not LINK.search(rendered(tree, form, is_styled=True))
    linked = rendered(tree, form, is_styled=True, links=True)
    address = "file://" + str(tmp_path) + "/a%20b%3B%1B.py"
    assert LINK.findall(linked) == [address, ""]
    assert plain(linked) == rendered(tree, form)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder with a program, and the data of a run of it."""
    script(tmp_path, "def f(): return sum(range(100_000))\nf()\n")
    profile(tmp_path, "--no-report", "-o", "a.frames", "app.py")
    return tmp_path


@pytest.mark.parametrize(("term", "has_styles"), [("xterm", True), ("dumb", False)])
def test_on_a_terminal_only(data: Path, term: str, has_styles: bool) -> None:
    """A dumb one, and a pipe, have plain text; NO_COLOR leaves bold, and links."""
    assert "\x1b" not in report(data, "a.frames").stdout
    terminal = Terminal(data, "a.frames", term=term)  # with NO_COLOR
    terminal.until("hot calls", "app.py:1", "100%")
    assert ("\x1b[1m" in terminal.text) == has_styles
    assert ("file://" in terminal.text) == has_styles
    assert not COLOUR.search(terminal.text)
    terminal.process.wait(60)
    terminal.free()


def test_sentences_are_broken_between_words(grower: Grower) -> None:
    """On a terminal; commands, which one may copy, are not."""
    grower.image.unmatched = 12
    tree = grow(grower, notices=["word " * 30])
    styled = plain(rendered(tree, "notices", is_styled=True, width=40))
    assert max(map(len, styled.splitlines())) <= 40
    assert styled.split() == rendered(tree, "notices").split()


def test_a_terminal_in_ascii(data: Path) -> None:
    """It is drawn with what it has, in colour."""
    text = report(data, "a.frames", env={**FORCED, "PYTHONIOENCODING": "ascii"}).stdout
    assert COLOUR.search(text)
    assert "`-" in text
    assert text.isascii()


def without_rich(folder: Path, error: str) -> dict[str, str]:
    """Make an environment whose rich is not installed, or is broken."""
    (folder / "fake" / "rich").mkdir(parents=True)
    (folder / "fake" / "rich" / "__init__.py").write_text(f"raise {error}")
    return {**FORCED, "PYTHONPATH": f"{folder / 'fake'}:{ROOT}"}


def test_without_rich(data: Path) -> None:
    """It is plain text, and not a word about it."""
    done = report(data, "a.frames", env=without_rich(data, "ImportError"))
    assert done.stdout == report(data, "a.frames").stdout
    assert done.stderr == ""


@pytest.mark.parametrize("error", ["ImportError", "ValueError"])
def test_without_rich_at_the_end_of_a_run(data: Path, error: str) -> None:
    """One that fails in another way costs the colours, and not the report."""
    done = profile(data, "-q", "app.py", env=without_rich(data, error))
    assert done.stderr.startswith("frametools: app.py")
    assert "hot calls" in done.stderr
    assert "\x1b" not in done.stderr


def test_the_program_never_has_it(tmp_path: Path) -> None:
    """It is imported when the program has ended, and it is a terminal that shows."""
    source = """
import atexit, sys
def look():
    print("rich" in sys.modules)
look()
atexit.register(look)
"""
    script(tmp_path, source)
    shown = run_on_terminal(tmp_path, "app.py")
    assert shown.startswith("False\r\nFalse\r\n")
    assert COLOUR.search(shown)


def test_a_pipe_does_not_load_it(data: Path) -> None:
    """Where nothing is drawn by rich, it costs nothing."""
    code = "import sys; from frametools.profile import _report_command as command; "
    code += "command.main(['a.frames']); print('rich' in sys.modules)"
    assert python(data, "-c", code).stdout.endswith("\nFalse\n")
    assert python(data, "-c", code, env=FORCED).stdout.endswith("\nTrue\n")


def test_a_rich_of_the_program(tmp_path: Path) -> None:
    """What a program made of rich costs the colours, and not the report."""
    source = "import rich.console as console\nconsole.Console = None\n"
    script(tmp_path, source)
    done = profile(tmp_path, "app.py", env=FORCED)
    assert "frametools: app.py" in done.stderr
    assert "data: " in done.stderr
    assert "\x1b" not in done.stderr


def test_no_frame_is_kept(grower: Grower) -> None:
    """Drawing leaves none behind."""
    import gc
    import weakref

    class Here:
        pass

    def draw() -> Any:
        here = Here()
        rendered(grow(grower), "summary", is_styled=True)
        return weakref.ref(here)

    assert draw()() is None
    gc.collect()
