"""The page of a comparison in a real browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from frametools.profile._report import ReportOptions
from frametools.profile.diff.comparison import Comparison, Side
from frametools.profile.diff.html import page as page_of
from tests.profile import browser as browsers
from tests.profile.browser import Browser, Page
from tests.profile.test_diff import grow

pytestmark = pytest.mark.skipif(
    browsers.find() is None, reason="no Chromium here (apt-get install chromium)"
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for all tests."""
    started = Browser(str(browsers.find()))
    yield started
    started.close()


@pytest.fixture(scope="module")
def sides(tmp_path_factory: pytest.TempPathFactory) -> list[list[str]]:
    """Save two runs of the old code and two of the new."""
    folder = tmp_path_factory.mktemp("runs")
    found: list[list[str]] = [[], []]
    for new, times in enumerate([(30.0, 31.0), (40.0, 44.0)]):
        for parse in times:
            path = str(folder / f"{parse}.frames")
            grow(parse, calls=100 + 50 * new, new=bool(new)).save(path)
            found[new].append(path)
    return found


@pytest.fixture
def show(open_text: Callable[..., Page]) -> Callable[..., Page]:
    """Open the page of a comparison."""

    def show(old: list[str], new: list[str], fragment: str = "") -> Page:
        comparison = Comparison(Side(old), Side(new))
        return open_text(page_of(comparison, ReportOptions()), fragment)

    return show


def cells(page: Page) -> dict[str, list[str]]:
    """The tips of the changes of each function: what was, what is, exactly."""
    code = """[...document.querySelectorAll('#functions-body tr')].map((row) => [
        row.querySelector('button').textContent,
        [...row.querySelectorAll('td')].map((at) => at.title)])"""
    return {name: tips[1::2] for name, tips in page.run(code)}


def tones(page: Page) -> dict[str, list[str]]:
    """How the changes of each function are coloured."""
    code = """[...document.querySelectorAll('#functions-body tr')].map((row) => [
        row.querySelector('button').textContent,
        [...row.querySelectorAll('td')].map((at) => at.className)])"""
    return {name: found[1::2] for name, found in page.run(code)}


@pytest.mark.parametrize("runs", [1, 2])
def test_the_table_has_the_figures_of_the_comparison(
    show: Any, sides: list[list[str]], runs: int
) -> None:
    """Old, new and noise, computed in the page, are those that the table has."""
    old, new = sides[0][:runs], sides[1][:runs]
    page = show(old, new)

    def tip(figure: Any, unit: str) -> str:
        words = f"{figure.old:,.0f} → {figure.new:,.0f} {unit}"
        return words if runs == 1 else f"{words}, noise {figure.noise:,.0f}"

    expected = {}
    for row in Comparison(Side(old), Side(new)).rows:
        name = row.code.qualname
        expected[name if row.code.filename else f"{{{name}}}"] = [
            tip(figure, "calls" if metric == "calls" else "ns")
            for metric, figure in row.figures.items()
        ]
    assert cells(page) == expected


def test_the_largest_change_is_first(show: Any, sides: list[list[str]]) -> None:
    """The table begins as that of the command does, and marks what is new or gone."""
    page = show(*sides)
    comparison = Comparison(*map(Side, sides))
    first = [row.code.qualname for row in comparison.ranked("self_cpu")][:3]
    assert page.texts("#functions-body .link")[:3] == first
    assert page.texts("#functions-body .badge") == ["new", "gone"]
    assert page.texts("#functions-head th[aria-sort=descending]") == ["Change"]


def test_what_is_noise_has_no_colour(show: Any, sides: list[list[str]]) -> None:
    """Slower, faster, and a change that two runs of one side have, too."""
    page = show([sides[0][0], sides[1][0]], sides[0][1:])
    assert tones(page)["Parser.parse"] == ["zero"] * 5
    page = show(sides[1], sides[0])
    assert tones(page)["Parser.parse"] == ["less"] * 5
    assert tones(page)["fib"] == ["more"] * 5
    assert tones(page)["fetch"] == ["less"] * 5
    assert tones(page)["JSONDecoder.decode"] == ["zero"] * 5


def chips(page: Page) -> dict[str, str]:
    """The colour of each function in the table."""
    code = """[...document.querySelectorAll('#functions-body tr')].map((row) => [
        row.querySelector('button').textContent,
        row.querySelector('.chip').style.background])"""
    return dict(page.run(code))


def test_colours_tell_the_change(show: Any, sides: list[list[str]]) -> None:
    """Slower, faster and unchanged have the colours of the legend, in both themes."""
    page = show(*sides)
    for _ in range(2):
        legend = page.run(
            "[...document.querySelectorAll('#legend .chip')]"
            ".map((each) => each.style.background)"
        )
        found = chips(page)
        assert found["fetch"] == legend[-1]
        assert found["fib"] == legend[0]
        assert found["JSONDecoder.decode"] == legend[2]
        assert len(set(legend)) == 5
        page.press("t")
    assert "no change" in page.text("#legend")


def test_before_and_after(show: Any, sides: list[list[str]]) -> None:
    """What is gone has its place in the old run, what is new in the new one."""
    page = show(*sides)
    page.run("search.value = 'fib'; search.dispatchEvent(new Event('input'))")
    page.settle()
    assert page.text("#matches") == "1 function, 1 frame, 0.00 % of CPU"
    page.press("Escape")
    page.click("#controls input[name=side][value=old]")
    page.run("search.value = 'fib'; search.dispatchEvent(new Event('input'))")
    page.settle()
    assert page.text("#matches") == "1 function, 1 frame, 29.0 % of CPU before"
    page.press("Escape")
    page.press("b")
    assert page.run("document.querySelector('input[name=side][value=new]').checked")


@pytest.mark.parametrize("fragment", ["", "#side=old", "#inverted=yes&side=old"])
def test_the_panel_tells_both(show: Any, sides: list[list[str]], fragment: str) -> None:
    """The run, and a frame, with what they were before."""
    page = show(*sides, fragment=fragment)
    text = page.text("#details-body")
    assert "mean of 2 runs" in text
    assert "New 1 Gone 1" in " ".join(text.replace("\n", " ").split())
    page.run("document.querySelectorAll('#functions-body tr')[2].click()")
    page.settle()
    assert page.text("#details-body h2") == "Parser.parse"
    assert "It took 28.5 ms itself before (+40.4 %)." in page.text("#details-body")
    if not fragment:
        assert "40.0 ms self; was 30.5 ms, +37.7 %" in page.text("#details-body")
    rows = page.texts("#functions-body .link")
    page.run(
        f"document.querySelectorAll('#functions-body tr')[{rows.index('fib')}].click()"
    )
    page.settle()
    assert "It is gone: it took 19.0 ms itself." in page.text("#details-body")
    assert not page.run("Boolean(document.querySelector('.source'))")


def test_a_single_run_has_nothing_of_it(browser: Browser, tmp_path: Path) -> None:
    """No other page offers a change, or a run before."""
    from tests.profile.test_page import page_of as plain_page

    path = tmp_path / "plain.html"
    path.write_text(plain_page(grow(30)), encoding="utf-8")
    page = browser.open(path, fragment="#colour=change&side=old")
    page.press("b")
    assert "change" not in page.run(
        "[...document.querySelectorAll('#controls input')].map((each) => each.value)"
    )
    assert page.run("document.querySelector('input[value=module]').checked")
    assert "Change" not in page.texts("#functions-head th")
    assert page.problems() == []
    page.close()


def test_it_is_usable_in_a_small_window(show: Any, sides: list[list[str]]) -> None:
    """At 800 x 600, light and dark, the window itself does not scroll sideways."""
    page = show(*sides)
    page.resize(800, 600)
    for scheme in "light", "dark":
        page.prefer(scheme)
        page.wait(f"document.documentElement.dataset.theme === '{scheme}'")
        assert page.run("document.documentElement.scrollWidth") <= 800
