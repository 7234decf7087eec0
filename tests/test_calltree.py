"""The calling-context tree: its times, its table, its files, and how trees compare."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frametools import _image, calltree
from frametools._image import Image, ImageError, layout
from frametools.calltree import CallTree, Costs
from frametools.events import CodeKind, CodeRef

if TYPE_CHECKING:
    from pathlib import Path

CODES = [CodeRef(name, "app.py", line) for line, name in enumerate("fghk", 1)]
COUNTS = "calls returns resumes yields throws unwinds".split()
numbers = st.integers(0, 1000)


def _chain(image: Image, parent: int, *codes: int) -> int:
    """Add one call under another, each with 1 call and 100 ns more than the next."""
    wall = 100 * len(codes)
    for at, code in enumerate(codes):
        parent = image.add_node(parent, code)
        image.calls[parent] = image.returns[parent] = 1
        image.wall[parent] = wall - 100 * at
    return parent


def _example() -> CallTree:
    """Make f -> g -> f -> h in one thread, and h in another."""
    image = Image()
    image.codes = list(CODES)
    main, worker = image.add_thread("Main"), image.add_thread("Worker")
    _chain(image, main.root, 0, 1, 0, 2)
    _chain(image, worker.root, 2)
    image.tick_now = 1000
    return CallTree.from_image(image)


@st.composite
def images(draw: st.DrawFn, costs: bool = True) -> Image:
    """Any trees, their times as a clock would give them: callees inside callers."""
    image = Image()
    image.codes = list(CODES)
    for name in draw(st.lists(st.sampled_from("ABA"), min_size=1, max_size=3)):
        image.add_thread(name)
    taken = {(0, 0)}
    for _ in range(draw(st.integers(0, 25))):
        key = draw(st.integers(1, len(image.parent) - 1)), draw(st.integers(0, 3))
        if key not in taken:
            taken.add(key)
            kind = draw(st.sampled_from([layout.PYTHON] * 3 + [layout.C_FUNCTION]))
            image.add_node(*key, kind)
    for node in range(len(image.parent) - 1, 0, -1):
        for name in COUNTS:
            if image.parent[node]:
                getattr(image, name)[node] = draw(numbers)
        image.wall[node] += draw(numbers)
        image.off[node] += draw(st.integers(0, image.wall[node] - image.off[node]))
        image.wall[image.parent[node]] += image.wall[node]
        image.off[image.parent[node]] += image.off[node]
    image.wall[0] = image.off[0] = 0
    if costs and draw(st.booleans()):
        image.cost_inside_ns, image.cost_outside_ns = draw(st.tuples(numbers, numbers))
        image.cost_c_inside_ns = draw(numbers)
    return image


trees = images().map(CallTree.from_image)


# --- ways through the tree ---


def test_navigation() -> None:
    """Children, paths and depths lead from the threads to every call."""
    tree = _example()
    main, worker = (thread.root for thread in tree.threads)
    (f,) = tree.children(main)
    deepest = max(tree.walk(main))
    assert [tree.ref(node).qualname for node in tree.path(deepest)] == list("fgfh")
    assert [tree.depth(node) for node in (main, f, deepest)] == [0, 1, 4]
    assert tree.max_depth == 4
    assert [tree.ref(node).qualname for node in tree.walk()] == (
        ["Main", *"fgfh", "Worker", "h"]
    )
    assert [tree.thread(node).name for node in (f, worker)] == ["Main", "Worker"]
    assert len(tree) == 7


@given(trees)
def test_walk_meets_every_node_once_callers_first(tree: CallTree) -> None:
    """A walk is complete, and a walk from a node stays below it."""
    order = list(tree.walk())
    assert sorted(order) == list(range(1, len(tree.parent)))
    seen = {0: True}
    for node in order:
        assert tree.parent[node] in seen
        seen[node] = True
        below = list(tree.walk(node))
        assert below == [each for each in order if each in set(below)]
        assert sum(map(len, map(tree.children, below))) == len(below) - 1


def test_c_functions_have_no_depth_of_their_own() -> None:
    """A C function counts as deep as its caller; what it calls, one deeper."""
    image = Image()
    image.codes = [CODES[0], CodeRef("builtins.sorted", kind=CodeKind.C_FUNCTION)]
    caller = image.add_node(image.add_thread("Main").root, 0)
    function = image.add_node(caller, 1, layout.C_FUNCTION)
    key = image.add_node(function, 0)
    tree = CallTree.from_image(image)
    assert [tree.depth(node) for node in (caller, function, key)] == [1, 1, 2]


# --- times ---


def test_self_time_is_what_the_callees_leave() -> None:
    """Self time is a node's own; CPU is the time in which its thread ran."""
    image = Image()
    image.codes = list(CODES)
    root = image.add_thread("Main").root
    f = image.add_node(root, 0)
    g = image.add_node(f, 1)
    image.wall[f], image.off[f], image.calls[f] = 1000, 300, 2
    image.wall[g], image.off[g], image.calls[g] = 400, 300, 10
    tree = CallTree.from_image(image)
    times = tree.times()
    assert [times.self_wall[f], times.self_wall[g]] == [600, 400]
    assert [times.self_cpu[f], times.self_cpu[g]] == [600, 100]
    assert [times.cum_wall[root], times.cum_cpu[root]] == [1000, 700]
    assert (tree.self_wall(f), tree.self_cpu(g)) == (600, 100)


def test_the_cost_of_monitoring_is_taken_out() -> None:
    """Each activation costs its own node and its caller; raw times keep it."""
    image = Image()
    image.codes = list(CODES)
    f = image.add_node(image.add_thread("Main").root, 0)
    g = image.add_node(f, 1)
    c = image.add_node(f, 2, layout.C_FUNCTION)
    image.wall[f], image.calls[f] = 1000, 1
    image.wall[g], image.resumes[g], image.throws[g] = 300, 3, 1
    image.wall[c], image.calls[c] = 100, 100
    tree = CallTree.from_image(image)
    tree.costs = Costs(inside=10, outside=5, c_inside=2, c_outside=1)
    times, raw = tree.times(), tree.times(raw=True)
    assert [raw.self_wall[node] for node in (f, g, c)] == [600, 300, 100]
    assert times.self_wall[f] == 600 - 10 - 4 * 5 - 100 * 1
    assert times.self_wall[g] == 300 - 4 * 10
    assert times.self_wall[c] == 0
    assert times.cum_wall[f] == times.self_wall[f] + times.self_wall[g]


@given(trees, st.booleans())
def test_times_add_up(tree: CallTree, raw: bool) -> None:
    """Nothing is negative; cumulative time is the node's own and its callees'."""
    times = tree.times(raw=raw)
    for own, total in (times[0], times[2]), (times[1], times[3]):
        assert min(own) >= 0
        for node in tree.walk():
            assert total[node] == own[node] + sum(total[n] for n in tree.children(node))
    if raw:
        assert times.cum_wall == list(tree.wall)


def test_clocks_that_disagree_are_made_consistent() -> None:
    """Callees that seem longer than their caller lengthen it."""
    image = Image()
    image.codes = list(CODES)
    root = image.add_thread("Main").root
    f = image.add_node(root, 0)
    g = image.add_node(f, 1)
    image.wall[f], image.wall[g], image.off[f] = 100, 105, 120
    times = CallTree.from_image(image).times()
    assert [times.cum_wall[node] for node in (root, f, g)] == [105, 105, 105]
    assert [times.self_wall[node] for node in (root, f, g)] == [0, 0, 105]
    assert [times.cum_cpu[node] for node in (root, f, g)] == [105, 105, 105]


def test_ticks_become_nanoseconds() -> None:
    """Times and threads' moments are ns, whatever the clock counts."""
    image = Image()
    image.codes = list(CODES)
    thread = image.add_thread("Main")
    f = image.add_node(thread.root, 0)
    image.ns_per_tick, image.tick_start, image.tick_now = 0.5, 1000, 5000
    image.wall[f], image.off[f], image.awaited[f] = 401, 100, 50
    thread.first, thread.last, thread.ended, thread.off = 1100, 4000, 4200, 90
    tree = CallTree.from_image(image)
    assert (tree.wall[f], tree.off[f], tree.awaited[f]) == (201, 50, 25)
    assert tree.wall_ns == 2000
    (info,) = tree.threads
    assert (info.first, info.last, info.ended, info.off) == (50, 1500, 1600, 45)


# --- the table by function ---


def _naive_table(tree: CallTree) -> dict[CodeRef, dict[str, int]]:
    """Tabulate as the definition says, path by path."""
    times = tree.times()
    table: dict[CodeRef, dict[str, int]] = {}
    for node in tree.walk():
        path = tree.path(node)
        if not path:
            continue
        code = tree.ref(node)
        level = sum(tree.ref(each) == code for each in path)
        row = table.setdefault(
            code, dict.fromkeys(calltree.FunctionStats._fields[1:], 0)
        )
        for name in (*COUNTS, "awaited"):
            if name != "returns":
                row[name] += getattr(tree, name)[node]
        row["self_wall"] += times.self_wall[node]
        row["self_cpu"] += times.self_cpu[node]
        if level == 1:
            row["primitive_calls"] += tree.calls[node]
            row["cum_wall"] += times.cum_wall[node]
            row["cum_cpu"] += times.cum_cpu[node]
        row["max_depth"] = max(row["max_depth"], tree.depth(node))
        row["max_recursion"] = max(row["max_recursion"], level)
    return table


@given(trees)
def test_the_table_is_as_defined(tree: CallTree) -> None:
    """Counts and times of a function are those of all its nodes, of all paths."""
    table = {row.code: row._asdict() for row in tree.functions()}
    for row in table.values():
        del row["code"]
    assert table == _naive_table(tree)


def test_recursion_counts_primitive_calls_once() -> None:
    """Of f -> g -> f, the outer f is primitive and has the cumulative time."""
    f, g, h = _example().functions()
    assert (f.calls, f.primitive_calls, f.max_recursion, f.max_depth) == (2, 1, 2, 3)
    assert (f.cum_wall, f.self_wall) == (400, 200)
    assert (g.calls, g.primitive_calls, g.max_recursion) == (1, 1, 1)
    assert (h.calls, h.cum_wall, h.max_depth) == (2, 200, 4)


def test_two_names_that_are_equal_are_one_function() -> None:
    """A code object that was compiled twice has one row, and recurses."""
    image = Image()
    image.codes = [CODES[0], CODES[0]]
    _chain(image, image.add_thread("Main").root, 0, 1)
    (f,) = CallTree.from_image(image).functions()
    assert (f.calls, f.primitive_calls, f.max_recursion) == (2, 1, 2)


# --- deep trees ---


def test_a_tree_of_20000_levels() -> None:
    """Nothing that works on a tree is recursive."""
    image = Image()
    image.codes = list(CODES)
    deepest = _chain(image, image.add_thread("Main").root, *[0, 1] * 10_000)
    tree = CallTree.from_image(image)
    assert tree.max_depth == len(tree.path(deepest)) == tree.depth(deepest) == 20_000
    assert [row.max_recursion for row in tree.functions()] == [10_000, 10_000]
    assert tree.times().cum_wall[tree.threads[0].root] == 2_000_000
    assert sum(1 for _ in tree.walk()) == 20_001
    assert tree.merge(tree).calls[deepest] == 2
    assert tree == CallTree.from_image(tree.to_image())
    assert tree.diff(tree) == []


# --- files ---


def _facts(tree: CallTree) -> dict[str, Any]:
    values = {name: value for name, value in vars(tree).items() if name[0] != "_"}
    return values | {"info": tree.info, "exceptions": tree.exceptions}


@given(trees, st.booleans())
def test_save_and_load(tree: CallTree, sampled: bool) -> None:
    """A tree comes back from its file as it was, sampled or not."""
    tree.is_sampled, tree.is_cut_early, tree.has_events = sampled, sampled, True
    tree.pid, tree.cpu_ns, tree.unmatched = 42, 5, 3
    facts = _facts(tree)
    assert _facts(CallTree.from_image(tree.to_image())) == facts


def test_sampled_files_hold_self_times() -> None:
    """The ticks of a sampled file are self times; the tree has cumulative ones."""
    image = Image()
    image.codes = list(CODES)
    root = image.add_thread("Main").root
    f = image.add_node(root, 0)
    g = image.add_node(f, 1)
    image.flags = layout.SAMPLED
    image.wall[f], image.wall[g], image.off[g] = 30, 70, 20
    tree = CallTree.from_image(image)
    assert list(tree.wall) == [0, 100, 100, 70]
    assert list(tree.off) == [0, 20, 20, 20]
    times = tree.times()
    assert (times.self_wall[f], times.self_wall[g], times.self_cpu[g]) == (30, 70, 50)


def test_load_and_notes(tmp_path: Path) -> None:
    """Notes are kept; a damaged note costs itself, not the file."""
    path = tmp_path / "a.frames"
    tree = _example()
    tree.notes = [
        (layout.META_INFO, b'{"command": "a", "x": 1}'),
        (layout.META_INFO, b'{"command": "b"}'),
        (layout.META_INFO, b'{"command": "c'),
        (layout.META_INFO, b"[" * 100_000),
        (layout.META_EXCEPTIONS, b'[{"type": "ValueError"}, 3]'),
        (layout.META_EXCEPTIONS, b'{"type": "ValueError"}'),
    ]
    tree.save(path)
    again = CallTree.load(path)
    assert again.info == {"command": "b", "x": 1}
    assert again.exceptions == [{"type": "ValueError"}]
    assert again == tree
    path.write_bytes(b"hello")
    with pytest.raises(ImageError, match=r"a\.frames is not a frametools data file"):
        CallTree.load(path)


@given(images(), st.data())
def test_garbage_is_a_tree_or_one_clear_error(
    image: Image, data: st.DataObject
) -> None:
    """Flipped bytes give ImageError, or a tree of which all can be asked."""
    raw = bytearray(_image.write(image))
    for at in data.draw(st.lists(st.integers(4096, len(raw) - 1), max_size=8)):
        raw[at] = data.draw(st.integers(0, 255))
    with suppress(ImageError):
        tree = CallTree.from_image(bytes(raw))
        assert len(list(tree.walk())) == len(tree)
        tree.functions()
        assert tree.merge(tree).diff(tree) is not None
        assert CallTree.from_image(tree.to_image()) == tree


def test_times_out_of_range_are_an_image_error() -> None:
    """A clock whose ticks cannot be told in 64 bits of ns is damage."""
    image = Image()
    image.codes = list(CODES)
    image.wall[_chain(image, image.add_thread("Main").root, 0)] = 2**63
    image.ns_per_tick = 1e6
    with pytest.raises(ImageError, match="out of range"):
        CallTree.from_image(image)


def test_rows_types_are_there_when_asked_for() -> None:
    """The types of rows are imported late, under the package's name."""
    assert calltree.FunctionStats.__name__ == "FunctionStats"
    assert isinstance(_example().functions()[0], calltree.FunctionStats)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = calltree.nothing  # type: ignore[attr-defined]


# --- several trees ---


@given(trees)
def test_a_tree_equals_itself_in_any_order(tree: CallTree) -> None:
    """Neither the order of siblings nor that of names or times matters."""
    image = Image()
    image.codes = tree.codes[::-1]
    places = {0: 0}
    for thread in tree.threads:
        places[thread.root] = image.add_thread(thread.name).root
    for node in sorted(tree.walk(), key=lambda node: (tree.depth(node), -node)):
        if tree.parent[node] and tree.parent[node] in places:
            code = 3 - tree.code[node]
            kind = tree.kind[node]
            place = image.add_node(places[tree.parent[node]], code, kind)
            places[node] = place
            for name in COUNTS:
                getattr(image, name)[place] = getattr(tree, name)[node]
    if len(places) == len(tree.parent):
        assert CallTree.from_image(image) == tree


@given(trees, st.data())
def test_any_other_count_makes_a_tree_unequal(
    tree: CallTree, data: st.DataObject
) -> None:
    """One count more in one node is a difference, and `diff` shows where."""
    other = CallTree.from_image(tree.to_image())
    assert tree == other
    node = data.draw(st.integers(1, len(tree)))
    getattr(other, data.draw(st.sampled_from(COUNTS)))[node] += 1
    assert tree != other
    changed = [row for row in tree.diff(other) if row.is_count_changed]
    assert [(row.before, row.after) for row in changed] == [(node, node)]


def test_nodes_without_counts_do_not_matter() -> None:
    """A frame that only ran, and did nothing, is no difference."""
    image = Image()
    image.codes = list(CODES)
    root = image.add_thread("Main").root
    _chain(image, root, 0)
    plain = CallTree.from_image(image).merge()
    image.add_node(root, 1)
    image.add_thread("Idle")
    assert CallTree.from_image(image) == plain
    assert plain != "a tree"


@given(trees, trees)
def test_merge_adds_up(one: CallTree, other: CallTree) -> None:
    """Merged trees have the counts of both, in whatever order."""
    merged = one.merge(other)
    assert merged == other.merge(one)
    assert one.merge() == one
    for name in [*COUNTS, "wall", "off"]:
        total = sum(getattr(one, name)) + sum(getattr(other, name))
        assert sum(getattr(merged, name)) == total
    assert CallTree.from_image(merged.to_image()) == merged
    rows = {row.code: row for row in merged.functions(raw=True)}
    for row in one.functions(raw=True):
        assert rows[row.code].primitive_calls >= row.primitive_calls
        assert rows[row.code].cum_wall >= row.cum_wall
        assert rows[row.code].max_depth >= row.max_depth


def test_merge_of_processes() -> None:
    """The threads of a name become one; the times of the runs add up."""
    one, other = _example(), _example()
    one.start_unix_ns, other.start_unix_ns = 5_000, 5_600
    one.costs, other.costs = Costs(10, 2, 0, 0), Costs(20, 4, 0, 0)
    one.cpu_ns, other.cpu_ns = 7, 8
    other.notes = [(layout.META_EXCEPTIONS, b'[{"type": "ValueError"}]')]
    merged = one.merge(other)
    assert [thread.name for thread in merged.threads] == ["Main", "Worker"]
    assert (merged.start_unix_ns, merged.wall_ns, merged.cpu_ns) == (5_000, 2_000, 15)
    assert merged.costs == Costs(15, 3, 0, 0)
    assert merged.exceptions == [{"type": "ValueError"}]
    assert len(merged) == len(one)


def test_threads_of_one_name_stay_apart() -> None:
    """The second thread of a name is compared with the second of that name."""
    image = Image()
    image.codes = list(CODES)
    for codes in (0, 1), (2,):
        _chain(image, image.add_thread("pool").root, *codes)
    tree = CallTree.from_image(image)
    assert len(tree.merge(tree)) == len(tree)
    assert tree.merge(tree).threads[1].name == "pool"


def test_diff_tells_what_changed() -> None:
    """A context that is new, gone, or slower has a row with the change."""
    one, other = _example(), _example()
    slower, gone = tuple(one.walk())[1], tuple(one.walk())[-1]
    other.wall[slower] += 50
    one.calls[gone] += 2
    changes = {row.before: row for row in one.diff(other)}
    assert changes[slower][2:] == (0, 50, 50, False)
    assert changes[gone][2:] == (-2, 0, 0, True)
    alone = CallTree()
    assert {row.after for row in one.diff(alone)} == {0}
    assert sum(row.calls for row in one.diff(alone)) == -sum(one.calls)
