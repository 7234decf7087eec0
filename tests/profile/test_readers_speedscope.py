"""Forms opened in speedscope itself, in a browser: what it shows, and has understood.

Its own export tells what its importer made of a file: frames, stacks and weights.
"""

from __future__ import annotations

import base64
import json
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from frametools.calltree import CallTree
from frametools.events import EventKind
from frametools.profile._names import Places
from frametools.recording import Builder
from tests.profile import browser as browsers
from tests.profile import readers
from tests.profile.browser import Browser, Page
from tests.profile.conftest import FIB, MAIN, RUN, rendered

pytestmark = pytest.mark.skipif(
    browsers.find() is None, reason="no Chromium here (apt-get install chromium)"
)
Show = Callable[[str, str], Page]
SAVED = """
URL.createObjectURL = (blob) => { window.saved = blob.text(); return "#"; };
[...document.querySelectorAll("div")]
    .findLast((each) => each.textContent.endsWith("Export")).click();
"""
ROWS = """[...document.querySelectorAll("tr")].map(
    (row) => [...row.querySelectorAll("td")].map((cell) => cell.innerText.trim()))"""


@pytest.fixture
def show(browser: Browser, tmp_path: Path) -> Iterator[Show]:
    """Open a file as the `speedscope` command does; nothing is complained of."""
    index = readers.speedscope().as_uri()
    page = browser.window()

    def show(name: str, text: str) -> Page:
        data = text.encode("latin-1" if name.endswith("gz") else "utf-8")
        words = json.dumps(name), json.dumps(base64.b64encode(data).decode())
        given = tmp_path / "given.js"
        given.write_text(f"speedscope.loadFileFromBase64({', '.join(words)})")
        url = f"{index}#localProfilePath={given}"
        page.send("Page.navigate", url=url)
        page.wait("/Sandwich|went wrong/.test(document.body?.innerText)")
        return page

    yield show
    problems = page.problems()
    page.close()
    assert problems == []


def understood(page: Page) -> list[tuple[str, str, Counter[str]]]:
    """By profile: name, unit, and the own time of each function; from the export."""
    page.run(SAVED)
    data: dict[str, Any] = json.loads(page.run("window.saved"))
    names = [frame["name"] for frame in data["shared"]["frames"]]
    found = []
    for profile in data["profiles"]:
        own: Counter[str] = Counter()
        stack: list[int] = []
        now = profile["startValue"]
        for event in profile["events"]:
            if stack:
                own[names[stack[-1]]] += event["at"] - now
            now = event["at"]
            if event["type"] == "O":
                stack.append(event["frame"])
            else:
                assert stack.pop() == event["frame"]
        assert (stack, now) == ([], profile["endValue"])
        found.append((profile["name"], profile["unit"], +own))
    return found


def own_times(tree: CallTree, *roots: int, clock: str = "cpu") -> Counter[str]:
    """The own time of each function of some threads, as the tree has it."""
    times = tree.times()
    own = times.self_cpu if clock == "cpu" else times.self_wall
    found: Counter[str] = Counter()
    for node in (node for root in roots for node in tree.walk(root) if node != root):
        found[tree.ref(node).qualname] += own[node]
    return +found


@pytest.mark.parametrize("clock", ["cpu", "wall"])
def test_each_thread_is_a_profile(clock: str, show: Show, tree: CallTree) -> None:
    """With the times that the tree has."""
    page = show("app.json", rendered(tree, "speedscope", clock=clock))
    assert understood(page) == [
        (thread.name, "nanoseconds", own_times(tree, thread.root, clock=clock))
        for thread in tree.threads
    ]


def test_what_a_person_sees(show: Show, tree: CallTree) -> None:
    """The command, the threads, and the table: cumulative, own, name."""
    page = show("app.json", rendered(tree, "speedscope"))
    assert page.run("document.title") == "app.py --fast 'two words' - speedscope"
    page.press("3")
    rows = [row for row in page.run(ROWS) if row]
    assert rows[:2] == [["1", "MainThread", "70.00ms"], ["2", "worker", "10.00ms"]]
    assert sorted(rows[2:]) == [
        ["1.00ms (1.4%)", "1.00ms (1.4%)", "list.append"],
        ["2.00ms (2.9%)", "2.00ms (2.9%)", "builtins.len"],
        ["30.00ms (43%)", "30.00ms (43%)", "fib"],
        ["38.00ms (54%)", "35.00ms (50%)", "Parser.parse"],
        ["500.00µs (0.71%)", "500.00µs (0.71%)", "fetch"],
        ["69.00ms (99%)", "500.00µs (0.71%)", "run"],
        ["70.00ms (100%)", "1.00ms (1.4%)", "<module>"],
    ]


def test_a_time_line(show: Show, tmp_path: Path) -> None:
    """Of recorded events: suspensions are gaps, threads have their own."""
    builder = Builder()
    thread = builder.thread("MainThread")
    builder.enter(thread, EventKind.PY_START, MAIN, 1_000, 1)
    builder.enter(thread, EventKind.PY_START, RUN, 2_000, 2)
    builder.leave(thread, EventKind.PY_YIELD, 3_000)
    builder.enter(thread, EventKind.PY_RESUME, RUN, 4_000, 2)
    builder.enter(thread, EventKind.PY_START, FIB, 5_000, 3)
    builder.leave(thread, EventKind.PY_UNWIND, 6_500)
    builder.leave(thread, EventKind.PY_UNWIND, 7_000)
    builder.leave(thread, EventKind.PY_RETURN, 9_001)
    other = builder.thread("other")
    builder.enter(other, EventKind.PY_START, FIB, 2_000, 4)
    builder.leave(other, EventKind.PY_RETURN, 2_003)
    path = tmp_path / "a.frames"
    builder.finish().save(path)
    page = show("a.json", rendered(CallTree.load(path), "speedscope", data=str(path)))
    main = {"<module>": 4_001, "run": 2_500, "fib": 1_500}
    assert understood(page) == [
        ("MainThread", "nanoseconds", main),
        ("other", "nanoseconds", {"fib": 3}),
    ]


def test_it_reads_pprof(show: Show, tree: CallTree) -> None:
    """All threads together, and CPU time, which is the default of such a file."""
    page = show("app.pb.gz", rendered(tree, "pprof"))
    own = own_times(tree, *(thread.root for thread in tree.threads))
    assert understood(page) == [("app.pb.gz", "nanoseconds", own)]


def test_it_reads_collapsed(show: Show, tree: CallTree) -> None:
    """All threads together; names have their places, as the form gives them."""
    page = show("app.txt", rendered(tree, "collapsed"))
    places, times = Places("/src"), tree.times().self_cpu
    own: Counter[str] = Counter()
    for node in tree.walk():
        if tree.path(node):
            own[places.full(tree.ref(node))] += times[node]
    assert understood(page) == [("app.txt", "none", +own)]


def test_it_reads_callgrind(show: Show, tree: CallTree) -> None:
    """A profile for each cost. It has to guess stacks: calls come out about right."""
    page = show("app.callgrind", rendered(tree, "callgrind"))
    roots = [thread.root for thread in tree.threads]
    cpu, wall, calls = understood(page)
    assert cpu == ("app.callgrind -- CPU", "none", own_times(tree, *roots))
    assert wall[2] == own_times(tree, *roots, clock="wall")
    assert calls[2]["list.append"] == 1_200
