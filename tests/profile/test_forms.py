"""Each form of a report, as golden files of small hand-made trees."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest

from frametools.calltree import CallTree
from frametools.events import EventKind
from frametools.profile import _report
from frametools.profile._options import SORT_KEYS
from frametools.recording import Builder
from tests.profile.conftest import (
    DECODE,
    FETCH,
    FIB,
    MAIN,
    PARSE,
    RUN,
    Grower,
    grow,
    grow_named,
    lacking,
    rendered,
)

Golden = Callable[[str, str], None]
TEXTS = (
    "head",
    "table",
    "tree",
    "collapsed",
    "speedscope",
    "callgrind",
    "notices",
    "summary",
)


@pytest.mark.parametrize("form", TEXTS)
def test_form(form: str, tree: CallTree, golden: Golden) -> None:
    """Every text form looks as it looked when someone last looked at it."""
    golden(f"{form}.txt", rendered(tree, form))


@pytest.mark.parametrize("width", [80, 100, 160])
def test_no_line_is_wider_than_the_output(width: int, tree: CallTree) -> None:
    """Tables and trees fit, whatever the width."""
    lines = rendered(tree, "summary", width=width).splitlines()
    assert [line for line in lines if len(line) > width] == []


@pytest.mark.parametrize("width", [80, 160])
def test_summary_at_other_widths(width: int, tree: CallTree, golden: Golden) -> None:
    """Narrow outputs lose columns of least use; wide ones show whole paths."""
    golden(f"summary-{width}.txt", rendered(tree, "summary", width=width))


def test_ascii(tree: CallTree, golden: Golden) -> None:
    """An output that cannot draw gets plain ASCII."""
    text = rendered(tree, "summary", unicode=False)
    assert text.isascii()
    golden("summary-ascii.txt", text)


@pytest.mark.parametrize("sort", SORT_KEYS)
def test_sort(sort: str, tree: CallTree, golden: Golden) -> None:
    """Each key of --sort sorts."""
    golden(f"table-{sort}.txt", rendered(tree, "table", sort=sort, limit=4))


def test_clock(tree: CallTree, golden: Golden) -> None:
    """The tree weighs wall time when asked to."""
    golden("tree-wall.txt", rendered(tree, "tree", clock="wall"))
    assert rendered(tree, "tree", sort="wall") == rendered(tree, "tree", clock="wall")


def test_limit(tree: CallTree) -> None:
    """--limit bounds the rows of tables, and the lines of a tree that is alone."""
    assert len(rendered(tree, "table", limit=2).splitlines()) == 3 + 2
    *lines, rest = rendered(tree, "tree", limit=5).splitlines()
    assert rest == "  and more calls with 1% or more"
    assert len(lines) == 2 + 5
    summary = rendered(tree, "summary", limit=0)
    assert rendered(tree, "tree") in summary
    assert summary.count("fib") == rendered(tree, "tree").count("fib")


def test_a_tree_that_is_cut_says_so(tree: CallTree) -> None:
    """What shows more of it is named, with what chose this tree."""
    chosen = {"data": "/x/a.frames", "sort": "wall", "by": "task"}
    assert rendered(tree, "tree", limit=2, **chosen).endswith(
        "\n  and more calls with 1% or more: "
        "frametools report /x/a.frames -f tree --limit 24 --clock wall --by task\n"
    )
    assert "more calls" not in rendered(tree, "tree", limit=100)


def test_raw_times_keep_the_cost(grower: Grower) -> None:
    """Costs are subtracted from times unless --raw."""
    root = grower.thread("MainThread")
    grower.call(root, MAIN, 10, calls=1000)
    grower.image.cost_inside_ns = 1000.0
    tree = grower.finish()
    assert " 9.00" in rendered(tree, "table")
    assert " 10.00" in rendered(tree, "table", raw=True)


def test_an_empty_tree_has_every_form() -> None:
    """A program without a call is no reason to fail, where no option is needed."""
    needy = {"perfetto", "memory", "exceptions", "tasks", "processes", "retention"}
    for form in sorted({*_report.names()} - needy):
        assert isinstance(rendered(CallTree(), form), str)


def test_every_notice(grower: Grower, golden: Golden) -> None:
    """What the reader must know is said in a line each."""
    image = grower.image
    image.unmatched, image.repaired, image.events_dropped = 2, 1, 12_345
    image.flags = 0b11100010
    tree = grow(
        grower,
        subinterpreters=True,
        children=["app.1.2.frames", "app.1.3.frames"],
        children_at="app.1.*.frames",
    )
    golden("notices-all.txt", rendered(tree, "notices"))


def test_names_that_would_steer_a_terminal(grower: Grower) -> None:
    """Control characters in names and paths are escaped."""
    evil = grower.image.codes[0]._replace(qualname="a\x1b[2J", filename="/b\nc.py")
    grower.image.codes[0] = evil
    text = rendered(grow(grower), "summary")
    assert "\x1b" not in text
    assert "a\\x1b[2J" in text
    assert "/b\\nc.py:1" in text


def test_wide_characters_keep_the_columns(grower: Grower) -> None:
    """A name in East Asian script takes two columns for each character."""
    name = "解析器" * 12
    grower.image.codes[0] = grower.image.codes[0]._replace(qualname=name)
    lines = rendered(grow(grower), "table").splitlines()
    (row,) = [line for line in lines if "解" in line]
    assert len(row) + sum(character == "解析器"[0] for character in row) <= 100


def deep_tree(grower: Grower, levels: int) -> CallTree:
    """One recursion, a millisecond of its own on each level."""
    node = grower.call(grower.thread("MainThread"), MAIN, levels + 1)
    for level in range(levels):
        node = grower.call(node, FIB, levels - level)
    return grower.finish()


def test_what_a_recursion_calls_is_merged(grower: Grower) -> None:
    """Each level calls something small: together it is seen, however it varies."""
    node = grower.call(grower.thread("MainThread"), MAIN, 300)
    for level in range(100):
        node = grower.call(node, FIB, 300 - 3 * level)
        deeper = grower.call(node, RUN, 1.5 + level % 4 / 2)
        grower.call(deeper, FETCH, 1)
    lines = rendered(grower.finish(), "tree").splitlines()[2:]
    assert [line.split()[0] for line in lines] == ["100%", "100%", "75%", "33%"]
    assert "fib (100 levels)" in lines[1]
    assert " run " in lines[2]
    assert " fetch " in lines[3]


def busy_and_small(grower: Grower) -> CallTree:
    """One thread with more calls than a report has lines, and three of 3 %."""
    main = grower.call(grower.thread("MainThread"), MAIN, 600)
    for code in (RUN, FIB, PARSE, DECODE):
        middle = grower.call(main, code, 150)
        for below in (RUN, FIB, PARSE, DECODE, FETCH):
            if below is not code:
                top = grower.call(middle, below, 35)
                grower.call(top, MAIN, 20)
    for number in range(3):
        grower.call(grower.thread(f"small{number}"), RUN, 20)
    return grower.finish()


@pytest.mark.parametrize(("limit", "seen"), [(None, 3), (4, 3), (2, 1), (100, 3)])
def test_every_thread_of_a_percent_has_a_line(
    limit: int | None, seen: int, grower: Grower
) -> None:
    """However many calls another thread has; and what is left out is said."""
    text = rendered(busy_and_small(grower), "tree", limit=limit)
    title, _, *lines = text.splitlines()
    small = [line for line in lines if "small" in line]
    assert len(small) == seen
    assert all(line.startswith("  3%") for line in small)
    assert ("the heaviest with 1% or more" in title) == (limit != 100)


@pytest.mark.parametrize("form", TEXTS[:3])
def test_a_deep_recursion_is_one_line(form: str, grower: Grower) -> None:
    """20,000 levels are shown without recursion and without 20,000 lines."""
    text = rendered(deep_tree(grower, 20_000), form)
    assert len(text.splitlines()) < 40


def test_stacks_of_a_deep_recursion_are_bounded(grower: Grower) -> None:
    """Frames below the bound are charged to the frame at it; nothing is lost."""
    lines = rendered(deep_tree(grower, 3_000), "collapsed").splitlines()
    assert len(lines) == 1_000
    assert sum(int(line.rpartition(" ")[2]) for line in lines) == 3_001_000_000


def test_collapsed_adds_up_to_all_time(tree: CallTree) -> None:
    """The weights are self times: their sum is the CPU time of all threads."""
    lines = rendered(tree, "collapsed").splitlines()
    total = sum(int(line.rpartition(" ")[2]) for line in lines)
    assert total == sum(tree.times().self_cpu)
    assert all(line.split(";")[0] in ("MainThread", "worker") for line in lines)


def test_speedscope_weights_are_valid(tree: CallTree) -> None:
    """The rules of speedscope's schema for a sampled profile hold."""
    data = json.loads(rendered(tree, "speedscope"))
    assert data["$schema"].endswith("/file-format-schema.json")
    frames = data["shared"]["frames"]
    assert all(isinstance(frame["name"], str) for frame in frames)
    assert [profile["name"] for profile in data["profiles"]] == ["MainThread", "worker"]
    for profile in data["profiles"]:
        assert profile["type"] == "sampled"
        assert profile["unit"] == "nanoseconds"
        assert len(profile["samples"]) == len(profile["weights"])
        assert profile["endValue"] - profile["startValue"] == sum(profile["weights"])
        assert all(0 <= at < len(frames) for s in profile["samples"] for at in s)


def test_speedscope_tells_functions_of_one_name_apart(
    grower: Grower, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its tables show no file: a name that several have has its place behind it."""
    grow_named(grower, monkeypatch, ("go", "<lambda>", "<lambda>", ""), "MainThread")
    frames = json.loads(rendered(grower.finish(), "speedscope"))["shared"]["frames"]
    assert [(frame["name"], frame["line"]) for frame in frames] == [
        ("go", 1),
        ("<lambda> (app.py:2)", 2),
        ("<lambda> (app.py:3)", 3),
        ("???", 4),
    ]


def test_a_thread_without_events_is_no_time_line(tmp_path: Path) -> None:
    """An empty profile would be one to choose, with nothing to see."""
    builder = Builder()
    for name in ("idle", "MainThread", "other"):
        thread = builder.thread(name)
        if name != "idle":
            builder.enter(thread, EventKind.PY_START, FIB, 1_000, 1)
            builder.leave(thread, EventKind.PY_RETURN, 2_000)
    path = tmp_path / "a.frames"
    builder.finish().save(path)
    data = json.loads(rendered(CallTree.load(path), "speedscope", data=str(path)))
    assert [each["name"] for each in data["profiles"]] == ["MainThread", "other"]


def test_an_unknown_form_names_the_known() -> None:
    """A wrong --format tells what there is; names starting with _ are no forms."""
    with pytest.raises(_report.UnknownFormError) as caught:
        _report.find("_hot")
    assert "collapsed, exceptions, head" in str(caught.value)


def test_a_new_file_is_a_new_form(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tree: CallTree
) -> None:
    """Adding a form touches nothing else: a file in `reports` is enough."""
    from frametools.profile import reports

    source = """
class Lines:
    name = "lines"
    is_binary = False
    def write(self, tree, out, options):
        out.write(str(len(tree.codes)))
REPORT = Lines()
"""
    (tmp_path / "lines.py").write_text(source)
    monkeypatch.setattr(reports, "__path__", [*reports.__path__, str(tmp_path)])
    assert "lines" in _report.names()
    assert rendered(tree, "lines") == "8"


def test_a_merged_tree_has_every_form(grower: Grower) -> None:
    """Forms take trees of any origin."""
    root = grower.thread("MainThread")
    grower.call(grower.call(root, MAIN, 3), RUN, 2)
    one = grower.finish()
    out = StringIO()
    _report.find("summary").write(one.merge(one), out, _report.ReportOptions())
    assert "2 calls" not in out.getvalue()
    assert "4 calls" in out.getvalue()


def row(kind: str, function: str, line: int, **figures: object) -> dict[str, object]:
    """One row of what `monitor.exceptions` counts."""
    counts = {"raised": 1, "handled": 0, "cleared": 0, "escaped": 0}
    names = {"type": kind, "function": function, "filename": "/src/app.py"}
    rest = {"firstlineno": line, "control_flow": False, "example": None}
    return {**names, **counts, **rest, **figures}


def test_exceptions(grower: Grower, golden: Golden) -> None:
    """Raised, handled, escaped, by type and function; an example of each."""
    frame = {"code": ["fib", "/src/app.py", 20, 0, 0], "line": 22}
    example = {
        "type": "builtins.KeyError",
        "message": "'\x1bmissing'",
        "frames": [
            {"code": ["run", "/src/app.py", 10, 0, 0], "line": 12},
            *[frame] * 9,
        ],
        "left": 9,
        "handled": {"code": ["run", "/src/app.py", 10, 0, 0], "line": 14},
        "escaped": False,
    }
    escaped = {**example, "type": "app.Odd", "message": "", "escaped": True}
    rows = [
        row(
            "builtins.KeyError", "fib", 20, raised=1_200, handled=1_200, example=example
        ),
        row("app.Odd", "fib", 20, escaped=1, example=escaped),
        row("builtins.StopIteration", "gen", 30, raised=7, control_flow=True),
        row("builtins.AttributeError", "get", 40, raised=3, cleared=3),
    ]
    tree = grow(grower)
    tree.exceptions = rows
    golden("exceptions.txt", rendered(tree, "exceptions"))
    assert rendered(tree, "exceptions") in rendered(tree, "summary")


def test_exceptions_that_nobody_asked_for(tree: CallTree) -> None:
    """Without --exceptions there is no such section."""
    assert lacking(tree, "exceptions").startswith("exceptions shows ")
