"""The HTML page in a real browser: roots by task, and the table of tasks."""

from __future__ import annotations

import sys

import pytest

from frametools._image.layout import META_TASK
from frametools.calltree import CallTree
from tests.profile import browser as browsers
from tests.profile.browser import Page
from tests.profile.conftest import FETCH, FIB, MAIN, MS, PARSE, RUN, Grower, Open

pytestmark = pytest.mark.skipif(
    browsers.find() is None, reason="no Chromium here (apt-get install chromium)"
)


@pytest.fixture
def tree(grower: Grower) -> CallTree:
    """Two threads with a loop in each; one runs two kinds of tasks, the other one."""
    loop = grower.call(grower.thread("MainThread"), MAIN, 50)
    fetch = grower.call(
        loop, FETCH, 30, calls=4, resumes=8, awaited=90 * MS, node_flags=4
    )
    grower.call(fetch, PARSE, 10, calls=40)
    grower.call(loop, RUN, 4, calls=1, node_flags=4)
    grower.call(loop, FIB, 6, calls=5)
    other = grower.call(grower.thread("worker"), MAIN, 10)
    grower.call(other, FETCH, 6, calls=2, awaited=30 * MS, node_flags=4)
    return grower.finish()


def choose(page: Page, value: str) -> None:
    """Choose roots in the bar."""
    page.click(f"#controls input[name=group][value={value}]")


def seen(page: Page) -> list[tuple[str, str]]:
    """Names and places of the roots, from the left."""
    found: list[tuple[str, str]] = []
    page.press("Escape", "Escape", "ArrowDown")
    while True:
        has_place = page.run("!!document.querySelector('#details .frame > .place')")
        place = page.text("#details .frame > .place") if has_place else ""
        pair = page.text("#details h2"), place
        if pair in found:
            return found
        found.append(pair)
        page.press("ArrowRight")


def facts(page: Page) -> dict[str, str]:
    """The figures in the panel."""
    code = """[...document.querySelectorAll('#details .figures > div')].map((each) =>
        [each.querySelector('dt').textContent, each.querySelector('dd').innerText])"""
    return {name: " ".join(text.split()) for name, text in page.run(code)}


def test_roots_by_task(show: Open, tree: CallTree) -> None:
    """A root for the tasks of each coroutine, of all threads; the rest by thread."""
    page = show(tree, "#metric=wall")
    assert seen(page) == [("MainThread", ""), ("worker", "")]
    choose(page, "tasks")
    assert seen(page) == [
        ("fetch", "6 tasks"),
        ("MainThread", "in no task"),
        ("run", "1 task"),
        ("worker", "in no task"),
    ]
    choose(page, "together")
    assert seen(page) == [("<module>", "app.py:1")]


def test_the_panel_tells_of_tasks(show: Open, tree: CallTree) -> None:
    """How many there were, how often they ran, and how long each was there."""
    page = show(tree, "#metric=wall&group=tasks")
    page.press("ArrowDown")
    assert facts(page) == {
        "CPU": "36.0 ms",
        "Wall": "36.0 ms",
        "Await": "120 ms",
        "Calls inside": "46",
        "Tasks": "6",
        "Steps": "14",
        "Each lasted": "26.0 ms on average",
    }
    assert page.text("#details .share b") == "60.0 %"
    page.press("ArrowDown")
    assert page.text("#details .place") == "net/client.py:5"


def test_inverted_ends_in_tasks(show: Open, tree: CallTree) -> None:
    """Callers end at the task, whose panel still tells of it."""
    page = show(tree, "#metric=wall&group=tasks&inverted=yes&search=parse")
    page.press("n", "ArrowDown", "ArrowDown")
    assert page.text("#details h2") == "fetch"
    assert facts(page)["Tasks"] == "6"


def test_the_table_of_tasks(show: Open, tree: CallTree) -> None:
    """A row for each root by task, and one for the rest; a click leads to the root."""
    page = show(tree, "#metric=wall")
    assert page.text("#tab-tasks") == "Tasks 7"
    page.click("#tab-tasks")
    rows = (
        "[...document.querySelectorAll('#tasks-body tr')].map((row) => row.innerText)"
    )
    assert [" ".join(row.split()).replace("\u2013", "-") for row in page.run(rows)] == [
        "fetch net/client.py:5 6 14 46 36.0 ms 36.0 ms 120 ms 26.0 ms",
        "run app.py:10 1 1 1 4.00 ms 4.00 ms - 4.00 ms",
        "in no task - - 7 20.0 ms 20.0 ms - -",
    ]
    page.click("#tasks-body tr:nth-child(2) button")
    assert page.text("#details h2") == "run"
    assert page.run("document.querySelector('input[value=tasks]').checked")
    assert "group=tasks" in page.run("location.hash")
    said = "run, row 1, 4.00 ms Wall"
    assert page.run("document.getElementById('said').textContent").startswith(said)


def test_a_report_by_task_begins_with_tasks(show: Open, tree: CallTree) -> None:
    """--by task chooses what is seen first; the key steps through the roots."""
    page = show(tree, "#metric=wall", by="task")
    assert seen(page)[0] == ("fetch", "6 tasks")
    page.press("r", "r")
    assert seen(page)[0] == ("MainThread", "")


def test_nothing_of_it_without_tasks(show: Open, grower: Grower) -> None:
    """No root, no table, no figure; an address from elsewhere does no harm."""
    grower.call(grower.thread("MainThread"), MAIN, 50)
    page = show(grower.finish(), "#group=tasks", by="task")
    assert page.run("document.getElementById('tab-tasks').hidden")
    assert "Tasks" not in facts(page)
    assert seen(page) == [("MainThread", "")]


def test_names(show: Open, grower: Grower) -> None:
    """A named task is a root of its own; by thread the name is beside its coroutine."""
    grower.image.codes.append(FETCH)
    loop = grower.call(grower.thread("MainThread"), MAIN, 50)
    named = grower.call(loop, FETCH, 30, node_flags=4)
    grower.image.code[named] = last = len(grower.image.codes) - 1
    grower.call(loop, FETCH, 10, calls=3, node_flags=4)
    tree = grower.finish()
    tree.notes.append((META_TASK, last.to_bytes(4, sys.byteorder) + b"<crawler>"))
    page = show(tree, "#metric=wall")
    page.press("ArrowDown", "ArrowDown", "ArrowDown")
    assert page.text("#details h2") == 'fetch "<crawler>"'
    page.press("ArrowRight")
    assert page.text("#details h2") == "fetch"
    choose(page, "tasks")
    assert seen(page) == [
        ('"<crawler>"', "1 task"),
        ("fetch", "3 tasks"),
        ("MainThread", "in no task"),
    ]
    choose(page, "together")
    page.press("Escape", "ArrowDown", "ArrowDown")
    assert page.text("#details h2") == "fetch"


@pytest.mark.parametrize("size", [(1280, 800), (800, 600)])
def test_the_table_fits(show: Open, tree: CallTree, size: tuple[int, int]) -> None:
    """No column is cut off, on a small window neither."""
    page = show(tree)
    page.resize(*size)
    page.click("#tab-tasks")
    width = "(({scrollWidth, clientWidth}) => scrollWidth - clientWidth)"
    assert page.run(f"{width}(document.getElementById('tasks'))") == 0
