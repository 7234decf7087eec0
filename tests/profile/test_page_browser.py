"""The HTML page in a real browser: what is drawn, and what a person does with it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from frametools.calltree import CallTree
from tests.profile import browser as browsers
from tests.profile.browser import Browser, Page
from tests.profile.conftest import FIB, MAIN, RUN, Grower, Open, grow
from tests.profile.running import profile, script

pytestmark = pytest.mark.skipif(
    browsers.find() is None, reason="no Chromium here (apt-get install chromium)"
)
DEEP = 20_000


def choose(page: Page, name: str, value: str) -> None:
    """Take one of the choices in the bar."""
    page.click(f"#controls input[name={name}][value={value}]")


def offered(page: Page) -> dict[str, list[str]]:
    """What the bar offers."""
    code = (
        "[...document.querySelectorAll('#controls input')].map(e => [e.name, e.value])"
    )
    found: dict[str, list[str]] = {}
    for name, value in page.run(code):
        found.setdefault(name, []).append(value)
    return found


def at_row(page: Page, row: int, part: float = 0.1) -> tuple[float, float]:
    """A point of a row of the graph, `part` of its width from the left."""
    code = "(({x, y, width}) => [x, y, width])(canvas.getBoundingClientRect())"
    x, y, width = page.run(code)
    return x + width * part, y + 20 * row + 10


def crumbs(page: Page) -> list[str]:
    """The path that is zoomed to."""
    return page.texts("#crumbs .crumb")


def figures(page: Page) -> dict[str, list[str]]:
    """The exact figures of the table's rows: calls, times in ns, depth."""
    code = """[...document.querySelectorAll('#functions-body tr')].map((row) => [
        row.querySelector('button').textContent,
        [...row.querySelectorAll('td')].map((at) => at.title || at.textContent)])"""
    return dict(page.run(code))


def costly(tree_of: Callable[..., CallTree]) -> CallTree:
    """The hand-made tree, where monitoring had a cost."""
    grower = Grower()
    image = grower.image
    image.cost_inside_ns, image.cost_outside_ns = 40.0, 55.0
    image.cost_c_inside_ns, image.cost_c_outside_ns = 20.0, 10.0
    return tree_of(grower)


@pytest.mark.parametrize("raw", [False, True])
def test_the_table_has_the_figures_of_the_tree(show: Open, raw: bool) -> None:
    """Times and counts, computed in the page, are those that the library computes."""
    tree = costly(grow)
    page = show(tree, raw=raw)
    assert figures(page) == {
        row.code.qualname if row.code.filename else f"{{{row.code.qualname}}}": [
            f"{row.calls:,}"
            if row.calls == row.primitive_calls
            else f"{row.calls:,}/{row.primitive_calls:,}",
            f"{row.self_cpu:,} ns",
            f"{row.cum_cpu:,} ns",
            f"{row.self_wall:,} ns",
            f"{row.cum_wall:,} ns",
            f"{row.awaited:,} ns",
            str(row.max_depth),
        ]
        for row in tree.functions(raw=raw)
    }


def test_no_connection_is_possible(
    show: Open, tree: CallTree, browser: Browser
) -> None:
    """The policy stops what a script might ask for; the page itself asks nothing."""
    page = show(tree)
    assert page.problems() == []
    code = """new Promise((done) => {
        addEventListener("securitypolicyviolation", (e) => done(e.effectiveDirective));
        fetch('https:' + '//localhost/x').catch(() => 0);
    })"""
    assert page.run(code) == "connect-src"
    browser.events.clear()


def test_names_are_shown_as_text(show: Open, grower: Grower) -> None:
    """Markup in a name is text, wherever it is shown."""
    evil = "<img src=x onerror=alert(1)>"
    grower.image.codes = [MAIN._replace(qualname=evil)]
    grower.call(grower.thread(evil), MAIN, 5)
    page = show(grower.finish(command=[evil], notices=[evil]))
    page.press("ArrowDown", "ArrowDown", "Enter")
    assert page.text("#details h2") == evil
    assert crumbs(page) == ["All", evil, evil]
    assert page.run("document.images.length") == 0


def test_a_click_tells_callers_callees_and_source(
    show: Open, grower: Grower, tmp_path: Path
) -> None:
    """The panel has the frame's figures, its neighbours, and its lines."""
    path = tmp_path / "app.py"
    path.write_text(
        "# first\ndef run():\n    '''Text.'''\n    return fib(3)\n\nx = 1\n"
    )
    run = RUN._replace(filename=str(path), firstlineno=2)
    grower.image.codes = [MAIN, run, FIB]
    module = grower.call(grower.thread("MainThread"), MAIN, 100)
    below = grower.call(module, RUN, 99, calls=3)
    grower.call(grower.call(below, FIB, 30, calls=5), FIB, 20, calls=7)
    page = show(grower.finish())
    page.click_at(*at_row(page, 2))
    assert page.text("#details h2") == "run"
    assert page.text("#details .share b") == "99.0 %"
    neighbours = page.texts("#details .neighbours th")
    assert neighbours == ["<module>", "fib"]
    assert page.texts("#details .neighbours .times") == ["3\xd7", "5\xd7"]
    assert page.texts("#details .source code") == [
        "def run():",
        "    '''Text.'''",
        "    return fib(3)",
    ]
    assert "Its only place in the tree: 3 calls" in page.text("#details")
    assert page.text("#said").startswith("run, row 3, 99.0 ms CPU (99.0 %)")
    page.click("#details .neighbours:nth-of-type(3) button")
    assert page.text("#details h2") == "fib"
    assert page.texts("#functions-body tr.chosen button") == ["fib"]


@pytest.mark.parametrize("source", [True, False])
def test_source_can_be_left_out(
    show: Open, grower: Grower, tmp_path: Path, source: bool
) -> None:
    """Without source lines the panel is whole, but for these."""
    path = script(tmp_path, "x = 1\n")
    grower.image.codes = [MAIN._replace(filename=str(path))]
    grower.call(grower.thread("MainThread"), MAIN, 100)
    page = show(grower.finish(), source=source)
    page.press("ArrowDown", "ArrowDown")
    assert page.text("#details h2") == "<module>"
    assert page.texts("#details .source code") == ["x = 1"] * source
    assert len(page.texts("#details .source")) == source
    assert len(page.texts("#details .neighbours")) == 1


def test_zoom_and_the_way_back(show: Open, tree: CallTree) -> None:
    """A double click zooms; the crumbs and Escape lead back."""
    page = show(tree, "#metric=wall")
    page.click_at(*at_row(page, 3), times=2)
    assert crumbs(page) == ["All", "MainThread", "<module>", "run", "Parser.parse"]
    assert page.text("#ruler .mark:last-child") == "30.0 ms"
    page.click("#crumbs li:nth-child(3) button")
    assert crumbs(page) == ["All", "MainThread", "<module>"]
    page.press("Escape")
    assert crumbs(page) == ["All"]
    x, y = at_row(page, 0, 0.5)
    marks = page.texts("#ruler .mark")
    page.mouse("mouseWheel", x, y, deltaX=0, deltaY=-400, modifiers=2)
    page.settle()
    assert page.texts("#ruler .mark") != marks
    page.press("0")
    assert page.texts("#ruler .mark") == marks


def test_the_keyboard_goes_everywhere(show: Open, tree: CallTree) -> None:
    """Arrows walk the tree, Enter zooms, letters step through the choices."""
    page = show(tree)
    page.press("ArrowDown", "ArrowDown", "ArrowDown")
    assert page.text("#details h2") == "run"
    page.press("ArrowDown", "ArrowRight")
    assert page.text("#details h2") == "fib"
    page.press("ArrowUp", "Enter", "ArrowRight")
    assert page.text("#said").startswith("Parser.parse, row 3")
    assert page.run("document.activeElement === document.body") is True
    for key, name in (
        ("f", "shape"),
        ("i", "inverted"),
        ("w", "metric"),
        ("c", "colour"),
    ):
        checked = f"document.querySelector('input[name={name}]:checked').value"
        before = page.run(checked)
        page.press(key)
        assert page.run(checked) != before
    page.press("?")
    assert page.run("keys.open") is True
    page.press("Escape")
    assert page.run("keys.open") is False


def test_the_scale_of_calls_is_in_whole_ones(show: Open, grower: Grower) -> None:
    """No mark stands twice; and down leads to the widest call, not to the first."""
    module = grower.call(grower.thread("MainThread"), MAIN, 100)
    grower.call(module, RUN, 10)
    grower.call(module, FIB, 20, calls=2)
    page = show(grower.finish(), "#metric=calls&order=first")
    assert page.texts("#ruler .mark") == ["0", "1", "2", "3"]
    page.press("ArrowDown", "ArrowDown", "ArrowDown")
    assert page.text("#details h2") == "fib"


def test_search_has_totals(show: Open, tree: CallTree) -> None:
    """What is found is counted, once where one match is in another."""
    page = show(tree, "#metric=wall")
    page.press("/")
    page.press(*"fib")
    # 30 of the main thread's, recursion once, 9.7 of the worker's; of 111 ms
    assert page.text("#matches") == "1 function, 4 frames, 35.8 % of Wall"
    assert page.texts("#functions-body th button") == ["fib"]
    page.press("Enter")
    assert page.text("#details h2") == "fib"
    page.run(
        "search.value = '/^(len|.*parse$)/i'; search.dispatchEvent(new Event('input'))"
    )
    assert page.text("#matches").startswith("1 function, 3 frames")
    page.run("search.value = '/(/'; search.dispatchEvent(new Event('input'))")
    assert page.text("#matches") == "not a regular expression"
    page.press("Escape")
    assert page.text("#matches") == ""


def first_row(page: Page) -> list[str]:
    """The names in the first row of the graph, from the left."""
    names = []
    page.press("Escape", "Escape", "ArrowDown")
    while not names or page.text("#details h2") != names[-1]:
        names.append(page.text("#details h2"))
        page.press("ArrowRight")
    return names


def test_inverted_by_thread_and_together(show: Open, tree: CallTree) -> None:
    """Other roots: functions by self time, threads, all threads as one."""
    page = show(tree, "#metric=wall")
    assert first_row(page) == ["MainThread", "worker"]
    choose(page, "inverted", "yes")
    fibs = [row for row in tree.functions() if row.code == FIB]
    assert first_row(page)[0] == "fib"
    page.press("Escape", "ArrowDown")
    assert page.text("#details .figures dd") == f"{fibs[0].self_wall / 1e6:.1f} ms"
    assert page.text("#details .figures dt") == "Wall self"
    part = f"{100 * fibs[0].self_wall / (111 * 1e6):.1f} %"
    assert page.text("#details .share") == f"{part} of Wall by itself Zoom"
    assert f"({part}) self." in page.text("#details")
    page.press("ArrowDown")
    assert page.text("#details .share").endswith("Wall by fib, called from here Zoom")
    choose(page, "inverted", "no")
    choose(page, "group", "together")
    assert first_row(page) == ["<module>", "run"]


def test_tasks_are_roots(show: Open, grower: Grower) -> None:
    """A coroutine that an event loop steps is lifted out of that loop."""
    loop = grower.call(grower.thread("MainThread"), MAIN, 50)
    task = grower.call(loop, RUN, 30, calls=4, node_flags=4, awaited=5_000_000)
    grower.call(task, FIB, 10, node_flags=4)
    page = show(grower.finish(), "#metric=wall")
    assert first_row(page) == ["MainThread"]
    choose(page, "group", "tasks")
    assert first_row(page) == ["run", "MainThread"]
    page.press("ArrowLeft")
    assert page.text("#details .share b") == "60.0 %"


def test_only_what_the_data_tells_is_offered(show: Open, grower: Grower) -> None:
    """One thread without await or CPU time: no choice that would do nothing."""
    grower.call(grower.thread("MainThread"), MAIN, 50, cpu=0)
    page = show(grower.finish())
    assert offered(page) == {
        "shape": ["icicle", "flame"],
        "inverted": ["no", "yes"],
        "metric": ["wall", "calls"],
        "order": ["heavy", "first"],
        "colour": ["module", "self", "depth"],
    }
    assert page.run("strip.hidden && document.getElementById('tab-alive').hidden")


def test_an_empty_tree_says_so(show: Open) -> None:
    """Nothing was called: that is said, and nothing breaks."""
    page = show(CallTree())
    assert page.text("#none") == "No function was called."
    page.press("ArrowDown", "Enter", "i", "f", "+", "0")
    assert crumbs(page) == ["All"]


def test_the_options_of_a_report_are_where_it_begins(
    show: Open, tree: CallTree
) -> None:
    """--clock, --sort and --limit choose what is seen first."""
    page = show(tree, clock="wall", sort="calls", limit=2)
    width = "document.querySelector('input[name=metric]:checked').value"
    assert page.run(width) == "wall"
    names = page.texts("#functions-body th button")
    assert names == ["{builtins.len}", "Parser.parse"]
    assert page.text("#more") == "Show more (6 left)"


def pixel(page: Page, x: float, y: float) -> list[int]:
    """The colour of a point of the graph."""
    found: list[int] = page.run(
        "(([x, y]) => [...canvas.getContext('2d').getImageData(x, y, 1, 1).data])"
        f"([{x}, {y}])"
    )
    return found


def test_it_is_drawn(show: Open, tree: CallTree) -> None:
    """Icicle from above, flame from below; each choice changes the picture."""
    page = show(tree, "#metric=wall")
    assert pixel(page, 300, 10)[3] == 255
    shapes = {}
    for name, value in (
        ("shape", "flame"),
        ("order", "first"),
        ("colour", "self"),
        ("colour", "depth"),
        ("metric", "calls"),
    ):
        choose(page, name, value)
        shapes[value] = page.run("canvas.toDataURL()")
    assert len(set(shapes.values())) == len(shapes)
    choose(page, "shape", "icicle")
    page.run("scroller.style.setProperty('--graph-height', '400px')")
    page.run("scroller.style.setProperty('--graph-most', 'none')")
    page.settle()
    assert pixel(page, 300, 390)[3] == 0
    choose(page, "shape", "flame")
    assert pixel(page, 300, 390)[3] == 255
    assert pixel(page, 300, 5)[3] == 0


def test_a_wide_frame_beside_one_below_a_pixel(show: Open, grower: Grower) -> None:
    """What is too narrow to draw is skipped, and nothing that begins in its pixel."""
    module = grower.call(grower.thread("MainThread"), MAIN, 100)
    for _ in range(3):
        grower.call(module, FIB, 0.001)
        grower.call(module, RUN, 33)
    page = show(grower.finish(), "#order=first&metric=wall")
    width = page.run("canvas.width")
    drawn = [pixel(page, int(width * part / 100), 50)[3] for part in (15, 50, 80)]
    assert drawn == [255, 255, 255]


def test_a_deep_recursion_can_be_walked(show: Open, grower: Grower) -> None:
    """Twenty thousand levels: drawn, inverted, and reached at the bottom."""
    node = grower.call(grower.thread("MainThread"), MAIN, 100)
    for _ in range(DEEP):
        node = grower.call(node, FIB, 100)
    page = show(grower.finish())
    page.run("scroller.scrollTop = 1e9")
    page.settle()
    page.click_at(*at_row(page, 3))
    assert page.text("#details h2") == "fib"
    assert int(page.text("#said").split()[2].strip(",")) > DEEP - 40
    page.press("Enter")
    assert len(crumbs(page)) == 13
    choose(page, "inverted", "yes")
    assert first_row(page) == ["fib"]


def test_light_and_dark(show: Open, tree: CallTree) -> None:
    """It follows the system, until it is told otherwise."""
    page = show(tree)
    colour = "getComputedStyle(document.body).backgroundColor"
    page.prefer("dark")
    page.wait("document.documentElement.dataset.theme === 'dark'")
    dark = page.run(colour)
    page.prefer("light")
    page.wait("document.documentElement.dataset.theme === 'light'")
    assert page.run(colour) != dark
    page.press("t")
    assert page.run(colour) == dark


def test_a_recording_has_its_depth_over_time(browser: Browser, tmp_path: Path) -> None:
    """The strip tells the deepest call of a moment, and a click picks it."""
    # With time of its own in each call, beside which what monitoring costs is small.
    source = "def deep(n):\n    sum(range(3000))\n    return deep(n - 1) if n else 0\n"
    source += "deep(30)\nx = 0\n"
    script(tmp_path, source + "for _ in range(200_000): x += 1\n")
    words = ["--record", "--no-report", "--include", "*/app.py", "--html", "a.html"]
    assert profile(tmp_path, *words, "app.py").returncode == 0
    page = browser.open(tmp_path / "a.html")
    assert "at most 32 deep" in page.text("#moment")
    x, y, height = page.run(
        "(({x, y, height}) => [x, y, height])(depths.getBoundingClientRect())"
    )
    deepest = page.run("""(() => {
        const seen = depths.getContext("2d").getImageData(0, 2, depths.width, 1);
        return seen.data.findIndex((value, at) => at % 4 === 3 && value) >> 2;
    })()""")
    page.click_at(x + deepest + 1.5, y + height / 2)  # 1 is the border
    assert page.text("#details h2") == "deep"
    assert page.text("#said").startswith("deep, row 33")
    assert page.problems() == []
    page.close()


def test_what_is_alive_at_exit(show: Open, grower: Grower) -> None:
    """The second table has what --retention found."""
    row = {
        "function": "run",
        "filename": "/src/app.py",
        "line": 12,
        "kind": "retained",
        "frames": 2,
        "size": 3 << 20,
        "is_least": False,
        "held": "__main__.saved",
    }
    found = {"rows": [row], "left_out": 0, "last": ""}
    page = show(grow(grower, retention=found))
    page.click("#tab-alive")
    assert page.text("#alive-note") == "2 frames alive at exit, 3.0 MiB."
    cells = page.texts("#alive-body tr > *")
    assert cells == ["runapp.py:12", "2", "3.0 MiB", "retained", "__main__.saved"]
    page.click("#alive-body button")
    kept = "Alive at exit: 2 frames, 3.0 MiB, held by __main__.saved."
    kept += " Its 2 places in the graph share these bytes."
    assert page.texts("#details .notice") == [kept]


def test_for_those_who_cannot_see_it(show: Open, tree: CallTree) -> None:
    """Names and roles: a table with headers and order, a graph that says what it is."""
    page = show(tree)
    assert page.texts("#functions caption") == ["Functions, with calls and times"]
    order = "document.querySelector('[aria-sort=descending]').textContent"
    assert page.run(order) == "CPU self"
    page.click("#functions-head th:nth-child(2) button")
    assert page.run(order) == "Calls"
    names = page.texts("#functions-body th[scope=row] button")
    assert names[0] == "{builtins.len}"
    unnamed = """[...document.querySelectorAll('button, input, select, #canvas')]
        .filter((at) => !(at.textContent.trim() || at.ariaLabel || at.labels?.length))
        .length"""
    assert page.run(unnamed) == 0
    assert (
        page.run("document.querySelectorAll('.unseen[aria-live=polite]').length") == 1
    )


def test_on_paper(show: Open, tree: CallTree) -> None:
    """What only works on a screen is not printed; the graph and the tables are."""
    page = show(tree)
    page.send("Emulation.setEmulatedMedia", media="print")
    seen = "['controls', 'search', 'canvas', 'functions'].map((id) => "
    seen += "document.getElementById(id).getClientRects().length > 0)"
    assert page.run(seen) == [False, False, True, True]
