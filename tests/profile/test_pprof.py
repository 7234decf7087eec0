"""The pprof form, read back by protobuf's own parser with the published schema."""

from __future__ import annotations

import gc
import zlib
from collections import defaultdict
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frametools.calltree import CallTree
from frametools.profile.reports import _protobuf
from tests.profile.conftest import (
    FETCH,
    FIB,
    MAIN,
    MS,
    RUN,
    Grower,
    grow,
    grow_named,
    rendered,
)
from tests.profile.running import report

MESSAGES = {
    "ValueType": "1 type int64, 2 unit int64",
    "Label": "1 key int64, 2 str int64, 3 num int64, 4 num_unit int64",
    "Sample": "1 location_id uint64*, 2 value int64*, 3 label Label*",
    "Line": "1 function_id uint64, 2 line int64",
    "Mapping": (
        "1 id uint64, 5 filename int64, 7 has_functions bool, 8 has_filenames bool, "
        "9 has_line_numbers bool"
    ),
    "Location": (
        "1 id uint64, 2 mapping_id uint64, 3 address uint64, 4 line Line*, "
        "5 is_folded bool"
    ),
    "Function": (
        "1 id uint64, 2 name int64, 3 system_name int64, 4 filename int64, "
        "5 start_line int64"
    ),
    "Profile": (
        "1 sample_type ValueType*, 2 sample Sample*, 3 mapping Mapping*, "
        "4 location Location*, 5 function Function*, 6 string_table string*, "
        "7 drop_frames int64, "
        "8 keep_frames int64, 9 time_nanos int64, 10 duration_nanos int64, "
        "11 period_type ValueType, 12 period int64, 13 comment int64*, "
        "14 default_sample_type int64"
    ),
}
"""The fields of profile.proto: number, name, type; a star means repeated."""


@pytest.fixture(scope="module")
def schema() -> Any:
    """Make the class of profiles of the schema."""
    reason = "protobuf is not installed"
    pb2 = pytest.importorskip("google.protobuf.descriptor_pb2", reason=reason)
    from google.protobuf import descriptor_pool, message_factory

    field = pb2.FieldDescriptorProto
    words = ("int64", "uint64", "bool", "string")
    types = {word: getattr(field, f"TYPE_{word.upper()}") for word in words}
    file = pb2.FileDescriptorProto(name="profile.proto", package="p", syntax="proto3")
    for name, fields in MESSAGES.items():
        message = file.message_type.add(name=name)
        for each in fields.split(", "):
            number, called, kind = each.split()
            repeated = field.LABEL_REPEATED if kind[-1] == "*" else field.LABEL_OPTIONAL
            kind = kind.rstrip("*")
            added = message.field.add(name=called, number=int(number), label=repeated)
            added.type = types.get(kind, field.TYPE_MESSAGE)
            if kind not in types:
                added.type_name = f".p.{kind}"
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    found = pool.FindMessageTypeByName("p.Profile")
    return message_factory.GetMessageClass(found)


class Read:
    """A profile with its strings and functions looked up."""

    def __init__(self, schema: Any, data: bytes) -> None:
        self.profile = schema.FromString(zlib.decompress(data, 31))
        self.strings = list(self.profile.string_table)
        assert self.strings[0] == ""
        self.functions = {each.id: each for each in self.profile.function}
        self.locations = {each.id: each for each in self.profile.location}

    def rows(self) -> list[tuple[list[str], list[int], dict[str, str]]]:
        """Each sample: functions from the outermost one, values, labels."""
        return [
            (
                [self._name(at) for at in reversed(sample.location_id)],
                list(sample.value),
                {self.strings[x.key]: self.strings[x.str] for x in sample.label},
            )
            for sample in self.profile.sample
        ]

    def _name(self, location: int) -> str:
        (line,) = self.locations[location].line
        return self.strings[self.functions[line.function_id].name]

    def types(self) -> list[tuple[str, str]]:
        """What the values are, and their units."""
        kinds = [*self.profile.sample_type, self.profile.period_type]
        return [(self.strings[kind.type], self.strings[kind.unit]) for kind in kinds]


def read(schema: Any, tree: CallTree, **options: Any) -> Read:
    """Write a tree, and read it back."""
    return Read(schema, rendered(tree, "pprof", **options).encode("latin-1"))


def test_every_node_is_a_sample(schema: Any, tree: CallTree) -> None:
    """The stack of a node, with its calls and its own times; nothing is lost."""
    rows = read(schema, tree).rows()
    times = tree.times()
    expected = [
        (
            [tree.ref(at).qualname for at in tree.path(node)],
            [tree.calls[node], times.self_cpu[node], times.self_wall[node]],
            {"thread": tree.thread(node).name},
        )
        for node in tree.walk()
        if tree.path(node)
    ]
    assert [row for row in expected if any(row[1])] == rows


def test_the_facts_of_the_run(schema: Any, grower: Grower) -> None:
    """Types and units, when and how long it ran, what it was."""
    grower.image.start_unix_ns = 1_700_000_000_123_456_789
    found = read(schema, grow(grower))
    assert found.types() == [
        ("calls", "count"),
        ("cpu", "nanoseconds"),
        ("wall", "nanoseconds"),
        ("calls", "count"),
    ]
    profile = found.profile
    assert (profile.period, profile.duration_nanos) == (1, 120 * MS)
    assert profile.time_nanos == 1_700_000_000_123_456_789
    comments = [found.strings[at] for at in profile.comment]
    assert comments[0].startswith("frametools ")
    assert comments[1:] == ["app.py --fast 'two words'", "CPython 3.13.0"]
    assert found.strings[profile.default_sample_type] == "cpu"


def test_clock_and_sampled_times(schema: Any, tree: CallTree) -> None:
    """--clock chooses what is shown first; --low has a period of its own."""
    tree.is_sampled = True
    found = read(schema, tree, clock="wall")
    assert found.strings[found.profile.default_sample_type] == "wall"
    assert found.types()[-1] == ("wall", "nanoseconds")
    assert found.profile.period == 2_000_000


def test_functions_have_file_and_line(schema: Any, tree: CallTree) -> None:
    """Of a Python function where it begins; a C function has neither."""
    found = read(schema, tree)
    strings = found.strings
    functions = {
        strings[f.name]: (strings[f.filename], f.start_line)
        for f in found.functions.values()
    }
    assert functions["fib"] == ("/src/app.py", 20)
    assert functions["builtins.len"] == ("", 0)
    lines = [location.line[0].line for location in found.locations.values()]
    assert sorted(lines) == sorted(line for _, line in functions.values())
    assert all(sample.location_id for sample in found.profile.sample)


def test_every_location_is_in_the_program(schema: Any, tree: CallTree) -> None:
    """A mapping that needs no symbols; and no name that a reader would demangle."""
    found = read(schema, tree)
    (mapping,) = found.profile.mapping
    assert (mapping.id, found.strings[mapping.filename]) == (1, "app.py")
    has = mapping.has_functions, mapping.has_filenames, mapping.has_line_numbers
    assert has == (True, True, True)
    assert {location.mapping_id for location in found.locations.values()} == {1}
    assert {function.system_name for function in found.functions.values()} == {0}


@pytest.mark.parametrize(
    ("command", "name"),
    [(["-m", "black", "a/b.py"], "black"), (["./x/run.py"], "./x/run.py"), (None, "?")],
)
def test_the_program(
    schema: Any, grower: Grower, command: list[str] | None, name: str
) -> None:
    """A script, a module, or nothing that is known."""
    found = read(schema, grow(grower, command=command))
    assert found.strings[found.profile.mapping[0].filename] == name


def test_tasks_are_labels(schema: Any, grower: Grower) -> None:
    """What a coroutine calls belongs to the task that it began."""
    loop = grower.call(grower.thread("MainThread"), RUN, 100)
    task = grower.call(loop, FETCH, 60)
    inner = grower.call(task, FIB, 50)
    grower.call(inner, MAIN, 40)
    grower.call(loop, FIB, 5)
    for node in (task, inner):
        grower.image.node_flags[node] |= 4
    tasks = defaultdict(list)
    for stack, _, labels in read(schema, grower.finish()).rows():
        assert labels.pop("thread") == "MainThread"
        tasks[labels.get("task", "")].append(stack[-1])
    assert tasks == {"": ["run", "fib"], "fetch": ["fetch", "fib", "<module>"]}


ODD = ("a\nb", "解析\udcff", "x" * 50_000, "", "<lambda>", "<lambda>")


def test_odd_names(
    schema: Any, grower: Grower, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Control characters are escaped; functions of one name keep apart."""
    grow_named(grower, monkeypatch, ODD, "a\x1bb")
    rows = read(schema, grower.finish()).rows()
    assert [stack for stack, _, _ in rows] == [
        [r"a\nb"],
        [r"解析\udcff"],
        ["x" * 50_000],
        ["???"],
        ["<lambda> (app.py:5)"],
        ["<lambda> (app.py:6)"],
    ]
    assert {labels["thread"] for _, _, labels in rows} == {r"a\x1bb"}


def test_a_deep_recursion_is_bounded(schema: Any, grower: Grower) -> None:
    """Deeper frames are charged to the one at the bound; nothing is lost."""
    node = grower.call(grower.thread("MainThread"), MAIN, 3_001)
    for level in range(3_000):
        node = grower.call(node, FIB, 3_000 - level)
    rows = read(schema, grower.finish()).rows()
    assert len(rows) == len(rows[-1][0]) == 1_000
    assert rows[-1][1] == [2_002, 2_002 * MS, 2_002 * MS]
    assert sum(values[2] for _, values, _ in rows) == 3_001 * MS


def test_an_empty_tree(schema: Any) -> None:
    """Types and no sample; it is a profile all the same."""
    found = read(schema, CallTree())
    assert (found.rows(), len(found.types())) == ([], 4)


@given(st.integers(-(2**63), 2**63 - 1))
def test_varints(value: int) -> None:
    """Seven bits in a byte, the lowest first."""
    data = _protobuf.varint(value)
    assert [byte > 127 for byte in data] == [True] * (len(data) - 1) + [False]
    bits = sum((byte & 127) << 7 * at for at, byte in enumerate(data))
    assert bits == value % 2**64


@given(st.integers(0, _protobuf.PAIRS**2 - 1))
def test_varints_by_look_up(value: int) -> None:
    """Two look-ups give the same bytes."""
    last, more = _protobuf.pairs()
    high, low = divmod(value, _protobuf.PAIRS)
    data = more[low] + last[high] if high else last[low]
    assert data == _protobuf.text(_protobuf.varint(value))


def test_the_command_writes_it(tree: CallTree, tmp_path: Path) -> None:
    """`report -f pprof -o FILE`; the same data give the same bytes."""
    tree.save(tmp_path / "a.frames")
    done = report(tmp_path, "a.frames", "-f", "pprof", "-o", "a.pb.gz")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    data = (tmp_path / "a.pb.gz").read_bytes()
    assert data == rendered(tree, "pprof").encode("latin-1")


def test_no_frame_is_kept(tree: CallTree) -> None:
    """Writing it leaves no frame behind."""
    rendered(tree, "pprof")
    gc.collect()
    before = {id(each) for each in gc.get_objects() if type(each) is FrameType}
    rendered(tree, "pprof")
    gc.collect()
    after = [each for each in gc.get_objects() if type(each) is FrameType]
    assert [each for each in after if id(each) not in before] == []
