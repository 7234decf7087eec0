"""Memory in a comparison: the table, JSON, and the page."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from frametools.calltree import CallTree
from frametools.profile._json import encode
from frametools.profile._memory import MEMORY
from frametools.profile._report import ReportOptions
from frametools.profile.diff.comparison import Comparison, Side
from frametools.profile.diff.html import page as page_of
from tests.profile import browser as browsers
from tests.profile.browser import Browser, Page
from tests.profile.conftest import FETCH, FIB, MAIN, PARSE, RUN, Grower
from tests.profile.test_diff import diff, frames_alive, written

MIB = 1 << 20
MINUS, NONE = chr(0x2212), chr(0x2013)
OLD, NEW = (1, 3, 0, -2), (1, 7, 4, -4)
"""MiB by which run, fib, fetch and Parser.parse grew."""
needs_browser = pytest.mark.skipif(
    browsers.find() is None, reason="no Chromium here (apt-get install chromium)"
)


def sampled(*grew: float, source: str = "rss", peak: int = 20) -> CallTree:
    """Make a run that sampled what four functions grew by, in MiB; none, if not."""
    grower = Grower()
    module = grower.call(grower.thread("MainThread"), MAIN, 100)
    run = grower.call(module, RUN, 90)
    nodes = [run, *(grower.call(run, code, 10) for code in (FIB, FETCH, PARSE))]
    grower.finish()
    if grew:
        note = {
            "version": 1,
            "source": source,
            "period_ms": 10.0,
            "samples": 8,
            "first": 10 * MIB,
            "is_whole": True,
            "nodes": nodes,
            "counts": [2] * 4,
            "net": [round(mib * MIB) for mib in grew],
            "peak": [peak * MIB] * 4,
        }
        grower.image.notes.append((MEMORY, encode(note).encode()))
    return CallTree.from_image(grower.image)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Save runs of all kinds; in the end no frame is kept."""
    monkeypatch.chdir(tmp_path)
    sampled(*OLD).save("old")
    sampled(*NEW, peak=30).save("new")
    sampled(1, 5, 0, -2, peak=22).save("old2")
    sampled(*NEW, source="allocated").save("alloc")
    sampled().save("none")
    before = frames_alive()
    yield tmp_path
    assert frames_alive() <= before


def compare(*old: str, new: str = "new") -> Comparison:
    """Compare files."""
    return Comparison(Side(old), Side([new]))


def section(text: str) -> list[str]:
    """The lines of the last table."""
    return text.rpartition("\n\n")[2].splitlines()


def test_the_table(here: Path) -> None:
    """It has a section of its own, and the run as a whole two lines more."""
    text = written(compare("old"), width=100)
    assert "  memory  +2.0 MiB  +8.0 MiB   +6.0 MiB   +300 %\n" in text
    assert "  peak    20.0 MiB  30.0 MiB  +10.0 MiB  +50.0 %\n" in text
    title, _, heads, *rows = section(text)
    assert title == "functions by change of self memory: 5 (net growth of RSS)"
    assert heads.split()[:4] == ["old", "new", "change", "%"]
    assert [" ".join(row.split()[:-1]) for row in rows] == [
        "- +4.0 MiB +4.0 MiB new +4.0 MiB new fetch",
        "+3.0 MiB +7.0 MiB +4.0 MiB +133 % +4.0 MiB +133 % fib",
        "-2.0 MiB -4.0 MiB -2.0 MiB -100 % -2.0 MiB -100 % Parser.parse",
        "- - - - +6.0 MiB +300 % <module>",
        "+1.0 MiB +1.0 MiB - - +6.0 MiB +300 % run",
    ]


@pytest.mark.parametrize(
    ("sort", "first"), [("self-memory", "fetch"), ("memory", "<module>")]
)
def test_it_can_be_what_is_sorted_by(sort: str, first: str, here: Path) -> None:
    """Then it is the only table, with what else there is room for."""
    text = written(compare("old"), sort=sort, width=160, limit=3)
    assert text.count("functions by change of ") == 1
    title, groups, _, *rows = section(text)
    assert ": 3 of 5 (" in title
    assert "self CPU" in groups
    assert title.endswith("(net growth of RSS, times in ms)")
    assert len(rows) == 3
    assert first in rows[0]


def test_the_noise(here: Path) -> None:
    """Means of several runs, and what these differ by, as of any figure."""
    comparison = compare("old", "old2")
    rows = {row.code.qualname: row.figures for row in comparison.rows}
    fib = rows["fib"]["self_memory"]
    assert (fib.old, fib.new, fib.noise) == (4 * MIB, 7 * MIB, 2 * MIB)
    assert comparison.whole["peak"][:3] == (21 * MIB, 30 * MIB, 2 * MIB)
    text = written(comparison)
    assert "(means, net growth of RSS, ~ is within the noise)" in text


def test_a_run_without_a_function_that_shrinks(here: Path) -> None:
    """There it shrank by nothing: the noise is all of it."""
    grower = Grower()
    grower.call(grower.thread("MainThread"), MAIN, 100)
    other = grower.finish()
    other.save("other")
    spans = Side(["old", "other"])
    assert spans.noise(PARSE)[-2:] == [2 * MIB, 2 * MIB]  # type: ignore[index]


def test_json(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Bytes, where times are ns."""
    assert diff("old", "new", "--json", "--sort", "self-memory") == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["memory"], found["old"]["memory"]) == ("rss", "rss")
    assert found["whole"]["peak"]["change"] == 10 * MIB
    assert found["functions"][0]["function"] == "fetch"
    assert found["functions"][0]["cum_memory"]["new"] == 4 * MIB
    assert diff("old", "none", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["memory"], found["old"]["memory"]) == (None, "rss")
    assert found["new"]["memory"] is None
    assert "self_memory" not in found["functions"][0]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (["none"], "new", "old has none, new has RSS"),
        (["alloc"], "new", "old has allocations, new has RSS"),
        (["old", "none"], "new", "old has RSS or none, new has RSS"),
    ],
)
def test_where_not_all_have_it(
    old: list[str],
    new: str,
    words: str,
    here: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """One line says so, the times are compared, and nothing sorts by it."""
    line = f"memory is not compared: {words}"
    text = written(compare(*old, new=new))
    assert text.splitlines()[-1] == f"note: {line}"
    assert "MiB" not in text
    assert diff("--old", *old, "--new", new, "--sort", "memory") == 2
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", f"frametools: --sort memory: {line}\n")


def test_without_any_nothing_is_said(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Most runs have no memory."""
    assert "memory" not in written(compare("none", new="none"))
    assert diff("none", "./none", "--sort=memory", "--html", "x.html") == 2
    assert "no memory was sampled; profile --memory does" in capsys.readouterr().err
    assert not (here / "x.html").exists()


# --- the page ---


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for all tests."""
    started = Browser(str(browsers.find()))
    yield started
    started.close()


@pytest.fixture
def show(open_text: Callable[..., Page]) -> Callable[..., Page]:
    """Open the page of a comparison."""

    def show(comparison: Comparison, fragment: str = "", sort: str = "self") -> Page:
        return open_text(page_of(comparison, ReportOptions(sort=sort)), fragment)

    return show


def table(page: Page) -> dict[str, list[str]]:
    """The cells of the memory columns, by function."""
    code = """[...document.querySelectorAll('#functions-body tr')].map((row) => [
        row.querySelector('button').textContent,
        [...row.querySelectorAll('td')].slice(-4).map((at) => at.textContent)])"""
    return dict(page.run(code))


def colours(page: Page) -> dict[str, int]:
    """Which colour of the legend each function has."""
    code = """[[...document.querySelectorAll('#legend .chip')]
        .map((each) => each.style.background),
        [...document.querySelectorAll('#functions-body tr')].map((row) => [
        row.querySelector('button').textContent,
        row.querySelector('.chip').style.background])]"""
    legend, found = page.run(code)
    return {name: legend.index(fill) if fill in legend else -1 for name, fill in found}


@needs_browser
def test_the_page_is_as_wide_as_memory_grew(show: Any, here: Path) -> None:
    """Before or after; the table has the new net figures, and the changes."""
    page = show(compare("old"), "#metric=rss")
    assert page.texts("#ruler .mark")[-1] == "10.0 MiB"
    heads = page.texts("#functions-head th")
    assert heads[-4:] == ["Resident self", "Change", "Resident total", "Change"]
    assert page.texts("#functions-head th[aria-sort=descending]") == ["Change"]
    plus4 = "+4.0 MiB"
    assert table(page) == {
        "fetch": [plus4, f"{plus4}new", plus4, f"{plus4}new"],
        "fib": ["+7.0 MiB", f"{plus4}+133 %", "+7.0 MiB", f"{plus4}+133 %"],
        "Parser.parse": [f"{MINUS}4.0 MiB", f"{MINUS}2.0 MiB{MINUS}100 %"] * 2,
        "<module>": [NONE, NONE, "+8.0 MiB", "+6.0 MiB+300 %"],
        "run": ["+1.0 MiB", NONE, "+8.0 MiB", "+6.0 MiB+300 %"],
    }
    tip = "document.querySelector('#functions-body td:nth-child(7)').title"
    assert page.run(tip) == "3,145,728 → 7,340,032 bytes"
    assert "Peak memory 30.0 MiB was 20.0 MiB, +50.0 %" in page.text("#details-body")
    page.click("#controls input[name=side][value=old]")
    assert page.texts("#ruler .mark")[-1] == "3.0 MiB"


@needs_browser
def test_colours_tell_the_change_in_memory(show: Any, here: Path) -> None:
    """What grew more is orange, what gave back more blue, though it has no width."""
    page = show(compare("old"), "#metric=rss")
    found = colours(page)
    assert (found["fib"], found["fetch"], found["run"]) == (4, 4, 2)
    fill = "document.querySelectorAll('#functions-body .chip')[2].style.background"
    parse = page.run(fill)
    page = show(Comparison(Side(["new"]), Side(["old"])), "#metric=rss&side=old")
    assert colours(page)["fib"] == 0
    assert page.run(fill) != parse


@needs_browser
def test_the_panel_and_the_noise(show: Any, here: Path) -> None:
    """A frame tells what it was; what runs of a side have as well is no change."""
    page = show(compare("old", "old2", new="old2"), "#metric=rss", sort="memory")
    assert page.texts("#functions-head th[aria-sort=descending]") == ["Change"]
    assert table(page)["fib"][1].startswith("~+1.0 MiB")
    page.press("ArrowDown", "ArrowDown", "ArrowDown", "ArrowDown")
    assert page.text("#details-body h2") == "fib"
    text = page.text("#details-body")
    assert "5.0 MiB self; net +5.0 MiB; was 4.0 MiB, +25.0 %" in text
    assert "It took 4.0 MiB itself before (+25.0 %, within the noise)." in text


@needs_browser
@pytest.mark.parametrize("inverted", ["no", "yes"])
def test_a_page_where_one_side_lacks_it(show: Any, here: Path, inverted: str) -> None:
    """It says so, and offers no such width."""
    page = show(compare("none"), f"#metric=rss&inverted={inverted}")
    notice = "memory is not compared: old has none, new has RSS"
    assert notice in page.texts("#details-body .notice")
    assert "Resident" not in page.text("#controls")
