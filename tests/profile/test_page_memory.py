"""The page's widths in bytes: what memory grew by, and what frames at exit keep."""

from __future__ import annotations

from typing import Any

import pytest

from frametools.calltree import CallTree
from frametools.calltree.memory import by_function
from frametools.events import CodeRef
from frametools.profile._json import encode
from frametools.profile._memory import MEMORY
from frametools.profile.page import _bytes
from tests.profile import browser as browsers
from tests.profile.browser import Page
from tests.profile.conftest import FETCH, FIB, MAIN, PARSE, RUN, Grower, Open
from tests.profile.test_page_browser import choose, first_row, offered

MIB = 1 << 20
AWAITING = 4
MINUS, NONE = chr(0x2212), chr(0x2013)
needs_browser = pytest.mark.skipif(
    browsers.find() is None, reason="no Chromium here (apt-get install chromium)"
)
MAIN_NODE, RUN_NODE, FIB_NODE, DEEPER_NODE, PARSE_NODE = 2, 3, 4, 5, 6


def sampled(grower: Grower, source: str = "rss", **info: object) -> CallTree:
    """Grow a tree whose memory was sampled: fib grows, parse gives back, run twice."""
    module = grower.call(grower.thread("MainThread"), MAIN, 100)
    run = grower.call(module, RUN, 90)
    grower.call(grower.call(run, FIB, 40), FIB, 30)
    grower.call(run, PARSE, 20)
    note = {
        "version": 1,
        "source": source,
        "period_ms": 10.0,
        "samples": 12,
        "first": 10 * MIB,
        "is_whole": True,
        "nodes": [RUN_NODE, FIB_NODE, DEEPER_NODE, PARSE_NODE],
        "counts": [1, 5, 4, 2],
        "net": [MIB, 3 * MIB, 4 * MIB, -2 * MIB],
        "peak": [11 * MIB, 14 * MIB, 18 * MIB, 16 * MIB],
    }
    grower.finish(**info)
    grower.image.notes.append((MEMORY, encode(note).encode()))
    return CallTree.from_image(grower.image)


def row(function: CodeRef, size: int, **changes: object) -> dict[str, object]:
    """Make a row of frames alive at exit."""
    row = {
        "function": function.qualname,
        "filename": function.filename,
        "line": function.firstlineno + 1,
        "kind": "retained",
        "frames": 1,
        "size": size,
        "is_least": False,
        "held": "app.saved",
    }
    return row | changes


def found(*rows: dict[str, object]) -> dict[str, object]:
    """What the data file has of frames alive at exit."""
    return {"rows": list(rows), "left_out": 0, "last": ""}


def table(page: Page) -> dict[str, list[str]]:
    """The cells of the table's rows, by function."""
    code = """[...document.querySelectorAll('#functions-body tr')].map((row) => [
        row.querySelector('button').textContent,
        [...row.querySelectorAll('td')].map((at) => at.textContent)])"""
    return dict(page.run(code))


def heads(page: Page) -> list[str]:
    """The titles of the table's columns."""
    return page.texts("#functions-head th")


# --- what the page is given ---


def test_places_share_what_frames_keep(grower: Grower) -> None:
    """By activations without an end, by exceptions, or by calls; no byte is lost."""
    module = grower.call(grower.thread("MainThread"), MAIN, 100)
    one = grower.call(module, FETCH, 1, calls=9, unwinds=1)
    run = grower.call(module, RUN, 50)
    other = grower.call(run, FETCH, 1, calls=4, unwinds=3)
    grower.image.returns[one], grower.image.returns[other] = 8, 0
    tree = grower.finish()
    fetch = tree.codes.index(FETCH)
    index = list(range(len(tree.codes)))

    def shares(kind: str, size: int) -> tuple[int, int]:
        column = _bytes.kept(tree, index, [{"fn": fetch, "size": size, "kind": kind}])
        assert sum(column) == column[one] + column[other] == size
        return column[one], column[other]

    assert shares("suspended", 1_000) == (0, 1_000)
    assert shares("retained", 1_001) == (250, 751)
    assert shares("caller", 1_300) == (900, 400)
    assert list(_bytes.kept(tree, index, [])) == [0] * len(tree.parent)
    gone = [{"fn": -1, "size": 7, "kind": "retained"}]
    assert sum(_bytes.kept(tree, index, gone)) == 0


def test_damaged_sizes_do_no_harm(grower: Grower) -> None:
    """Sizes that no process has are cut, and negative ones are none."""
    grower.call(grower.thread("MainThread"), MAIN, 1)
    tree = grower.finish()
    for size, most in ((-5, 0), (1 << 70, _bytes._MOST)):
        rows = [{"fn": 0, "size": size, "kind": "retained"}]
        assert sum(_bytes.kept(tree, list(range(len(tree.codes))), rows)) == most


def test_functions_of_one_name_are_told_apart_by_line() -> None:
    """Of two lambdas in a file it is the one that begins last before the line."""
    codes = [CodeRef("<lambda>", "a.py", line) for line in (30, 10, 20)]
    known = _bytes.by_name(codes)

    def of(line: int, name: str = "<lambda>") -> int:
        return _bytes.function_of(
            known, {"function": name, "filename": "a.py", "line": line}
        )

    assert [of(line) for line in (10, 15, 20, 99, 0)] == [1, 1, 2, 0, 1]
    assert of(10, "f") == -1


# --- what is seen ---


@needs_browser
@pytest.mark.parametrize(
    ("source", "label"), [("rss", "Resident"), ("allocated", "Allocated")]
)
def test_a_frame_is_as_wide_as_memory_grew(
    show: Open, grower: Grower, source: str, label: str
) -> None:
    """Scale, tip, panel and legend are in bytes; what shrank is told beside."""
    page = show(sampled(grower, source), f"#metric={source}")
    assert offered(page)["metric"] == ["cpu", "wall", "calls", source]
    assert page.texts("#ruler .mark") == ["0", "2.0 MiB", "4.0 MiB", "6.0 MiB"]
    assert "what shrank is not subtracted" in page.texts("#legend li")[-1]
    told = page.text("#details")
    assert f"{label} memory, 12 samples: grew by 8.0 MiB, shrank by 2.0 MiB" in told
    assert "net +6.0 MiB; peak 18.0 MiB" in told
    page.press("ArrowDown", "ArrowDown", "ArrowDown")
    assert page.text("#details h2") == "run"
    words = f"8.0 MiB {label} (100.0 %), 1.0 MiB self, net +6.0 MiB, 1 call"
    assert page.text("#said") == f"run, row 3, {words}"
    figures = page.text("#details .figures")
    assert f"{label} 8.0 MiB 1.0 MiB self; net +6.0 MiB" in figures
    assert "Peak 18.0 MiB of the process, in 12 samples" in figures
    assert page.texts("#details .neighbours:nth-of-type(3) td:nth-child(3)") == [
        "7.0 MiB",
        "0",
    ]
    x, y = page.run("(({x, y}) => [x, y])(canvas.getBoundingClientRect())")
    page.mouse("mouseMoved", x + 40, y + 70)
    page.settle()
    assert f"7.0 MiB {label} (87.5 %), 3.0 MiB self" in page.text("#tip")


@needs_browser
def test_the_table_has_the_figures_of_the_report(show: Open, grower: Grower) -> None:
    """Net change and peak by function, sorted by growth; times stand back for them."""
    tree = sampled(grower)
    page = show(tree, "#metric=rss")
    names = ["Function", "Calls", "CPU self", "CPU total"]
    assert heads(page) == [*names, "Resident self", "Resident total", "Peak"]
    cells = {name: row[3:] for name, row in table(page).items()}
    for of in by_function(tree):
        change = [
            f"{'+' if net > 0 else MINUS}{abs(net) / MIB:.1f} MiB" if net else NONE
            for net in (of.self_net, of.cum_net)
        ]
        assert cells[of.code.qualname] == [*change, f"{of.peak / MIB:.1f} MiB"]
    assert list(cells) == ["fib", "run", "<module>", "Parser.parse"]
    title = "document.querySelector('#functions-body td:nth-child(5)').title"
    assert page.run(title) == (
        "grew by 7,340,032 bytes, shrank by 0; on the stack at 9 samples"
    )
    page.click("#functions-head th:nth-child(7) button")
    choose(page, "metric", "wall")
    assert heads(page) == [*names, "Wall self", "Wall total", "Depth"]
    order = "document.querySelector('[aria-sort=descending]').textContent"
    assert page.run(order) == "CPU self"
    choose(page, "metric", "rss")
    assert page.run(order) == "Peak"


@needs_browser
def test_bytes_under_other_roots(show: Open, grower: Grower) -> None:
    """Inverted, and all threads together, the bytes and the peak stay what they are."""
    tree = sampled(grower)
    tree.node_flags[RUN_NODE] |= AWAITING
    page = show(tree, "#metric=rss&group=tasks")
    assert first_row(page) == ["run"]
    assert "Peak 18.0 MiB" in page.text("#details .figures")
    choose(page, "inverted", "yes")
    assert first_row(page) == ["fib", "run"]
    assert page.text("#details .share") == "12.5 % of Resident by itself Zoom"


@needs_browser
def test_a_frame_is_as_wide_as_what_it_keeps(show: Open, grower: Grower) -> None:
    """Width, table and panel tell what frames alive at exit keep, and what is not."""
    gone = CodeRef("gone", "/src/other.py", 1)
    kept = found(row(FIB, 6 * MIB), row(RUN, 2 * MIB), row(gone, 1024))
    page = show(sampled(grower, retention=kept), "#metric=kept")
    assert offered(page)["metric"] == ["cpu", "wall", "calls", "rss", "kept"]
    assert page.texts("#ruler .mark") == ["0", "2.0 MiB", "4.0 MiB", "6.0 MiB"]
    assert heads(page)[-1] == "Retained"
    assert {name: row[-1] for name, row in table(page).items()} == {
        "fib": "6.0 MiB",
        "run": "2.0 MiB",
        "<module>": "0",
        "Parser.parse": "0",
    }
    page.press("ArrowDown", "ArrowDown", "ArrowDown", "ArrowDown")
    assert page.text("#said").startswith("fib, row 4, 6.0 MiB Retained (75.0 %)")
    notice = page.text("#details .notice")
    assert notice.endswith("Its 2 places in the graph share these bytes.")
    note = page.text("#alive-note")
    assert note == "3 frames alive at exit, 8.0 MiB; 1.0 KiB not in the graph."


@needs_browser
@pytest.mark.parametrize("wanted", ["rss", "allocated", "kept", "toString"])
def test_a_width_that_the_data_lack_is_not_shown(
    show: Open, tree: CallTree, wanted: str
) -> None:
    """No bytes, no such width, not by an address of another page either."""
    page = show(tree, f"#metric={wanted}")
    assert offered(page)["metric"] == ["cpu", "wall", "await", "calls"]
    width = "document.querySelector('input[name=metric]:checked').value"
    assert page.run(width) == "cpu"


@needs_browser
@pytest.mark.parametrize("size", [(1280, 800), (800, 600)])
def test_all_columns_of_bytes_are_seen(
    show: Open, grower: Grower, size: tuple[int, int]
) -> None:
    """Nothing of the table stands beyond its right edge."""
    page = show(sampled(grower, retention=found(row(FIB, 900))), "#metric=rss")
    page.resize(*size)
    page.settle()
    wide: dict[str, Any] = page.run("""(() => {
        const box = document.getElementById("functions");
        return { room: box.clientWidth, need: box.scrollWidth };
    })()""")
    assert wide["need"] <= wide["room"]
