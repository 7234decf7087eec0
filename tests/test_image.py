"""Data files: read, repaired, refused with one line, never with another error."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from struct import pack
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frametools import _image
from frametools._image import Image, ImageError
from frametools._image.layout import (
    C_FUNCTION,
    C_FUNCTIONS,
    FINISHED,
    LOST,
    META_EXCEPTIONS,
    META_INFO,
    NODE_COLUMNS,
    SAMPLED,
)
from frametools.events import CodeKind, CodeRef

if TYPE_CHECKING:
    from pathlib import Path

# --- an encoder of its own, from docs/data-file.md, for what `write` never writes ---

NODE_BASE, STACK_BASE = 0x7F00_0000_1000, 0x7F00_0009_0000


def _extent(order: str, kind: int, data: bytes, base: int = 0, owner: int = 0) -> bytes:
    head = pack(order + "IIQQII", 0x58544E45, kind, 32 + len(data), base, owner, 1)
    return head + data


def _node(order: str, number: int, parent: int, code: int, flags: int = 0) -> bytes:
    counts = pack(order + "2Q4Q", 7, 7, 10 + number, 100, 30, 5)
    ids = pack(order + "4I", number, parent, code, flags)
    tail = pack(order + "3Q2I", 2, 3, 4, 1, 6)
    return counts + ids + bytes(32) + tail


def _code(order: str, number: int, name: bytes) -> bytes:
    body = pack(order + "6I", number, 5, 3, 0, len(name), 4) + name + b"f.py"
    return pack(order + "2I", 1, len(body)) + body + bytes(-len(body) % 8)


def _thread(order: str, sp: int, bottom: int) -> bytes:
    numbers = pack(order + "5Q16x2I4Q", sp, 0, bottom, 1900, 50, 0, 1, 99, 98, 1000, 0)
    return numbers + b"Main".ljust(64, b"\0") + pack(order + "Q2I80x", 0, 3, 0)


def _header(order: str, size: int, flags: int, nodes: int = 4) -> bytes:
    numbers = [1000, 2000, 10**18, 0, 900, 0, 0, nodes, 2, 1, 0]
    body = pack(order + "2IQ2Id11Q", 0x01020304, 1, size, 42, flags, 0.5, *numbers)
    tail = pack(order + "4dI", 1.0, 2.0, 3.0, 4.0, 7)
    return (b"\x89FRAMES\n" + body + tail).ljust(4096, b"\0")


def _row(order: str, time: int, kind: int, node: int, argument: int) -> bytes:
    return pack(order + "Q2I", time << 8 | kind, node, argument)


def _image_bytes(order: str = "<", flags: int = FINISHED, depth: int = 2) -> bytes:
    """Encode a thread that ran f, which ran g; `depth` frames of it are open."""
    nodes = bytes(128) + _node(order, 1, 0, 0, 2) + _node(order, 2, 1, 0)
    nodes += _node(order, 3, 2, 1)
    stack = pack(order + "4Q", NODE_BASE + 128, 1000, 0, 0)
    for number in range(2, 2 + depth):
        address = NODE_BASE + 128 * number
        stack += pack(order + "4Q", address, 1000 + 100 * number, 20, number)
    sp = STACK_BASE + 32 * depth
    rows = _row(order, 100, 1, 2, 1) + _row(order, 200, 1, 3, 2) + bytes(64)
    body = (
        _extent(order, 0, b"")
        + _extent(order, 2, _code(order, 0, b"f") + _code(order, 1, b"g") + bytes(64))
        + _extent(order, 1, nodes + bytes(256), NODE_BASE)
        + _extent(order, 3, _thread(order, sp, STACK_BASE) + bytes(512))
        + _extent(order, 4, stack + bytes(64), STACK_BASE)
        + _extent(order, 5, rows, owner=0)
    )
    return _header(order, 4096 + len(body), flags) + body


# --- reading ---


@pytest.mark.parametrize("order", ["<", ">"])
def test_reads_what_the_document_lays_out(order: str) -> None:
    """A file of either byte order gives the numbers at the documented offsets."""
    image = _image.read(_image_bytes(order))
    columns = {name: list(getattr(image, name)) for name in NODE_COLUMNS}
    assert columns == {
        "parent": [0, 0, 1, 2],
        "code": [0, 0, 0, 1],
        "node_flags": [0, 2, 0, 0],
        "calls": [0, 11, 12, 13],
        "wall": [0, 100, 100, 100],
        "off": [0, 30, 30, 30],
        "returns": [0, 5, 5, 5],
        "resumes": [0, 2, 2, 2],
        "yields": [0, 3, 3, 3],
        "awaited": [0, 4, 4, 4],
        "throws": [0, 1, 1, 1],
        "unwinds": [0, 6, 6, 6],
    }
    assert image.codes == [CodeRef("f", "f.py", 5, 3), CodeRef("g", "f.py", 5, 3)]
    assert (image.pid, image.parent_pid, image.ns_per_tick) == (42, 7, 0.5)
    assert (image.cost_inside_ns, image.cost_c_outside_ns) == (1.0, 4.0)
    (main,) = image.threads
    assert (main.name, main.root, main.ident, main.native_id) == ("Main", 1, 99, 98)
    assert (main.first, main.last, main.off, main.max_depth) == (1000, 1900, 50, 3)
    assert image.events[0].tobytes() == (
        _row("=", 100, 1, 2, 1) + _row("=", 200, 1, 3, 2)
    )


@pytest.mark.parametrize("order", ["<", ">"])
def test_open_frames_of_a_killed_process_are_closed(order: str) -> None:
    """What ran when the process died is charged up to the last moment known."""
    image = _image.read(_image_bytes(order, flags=0))
    assert list(image.wall) == [0, 100, 100 + 800, 100 + 700]
    assert list(image.off) == [0, 30, 30 + 30, 30 + 30]
    assert image.threads[0].open == 2


def test_sampled_times_of_a_killed_process_stay() -> None:
    """Sampled ticks are self times; an open frame has no more of them."""
    image = _image.read(_image_bytes(flags=SAMPLED))
    assert list(image.wall) == [0, 100, 100, 100]
    assert image.threads[0].open == 2


def test_the_last_event_of_a_thread_counts_as_a_moment_known() -> None:
    """A heartbeat that is older than the last event does not lose time."""
    data = bytearray(_image_bytes(flags=0))
    data[48:56] = pack("<Q", 1500)
    image = _image.read(data)
    assert image.tick_now == 1900
    assert list(image.wall) == [0, 100, 100 + 700, 100 + 600]


def test_a_torn_node_is_left_out() -> None:
    """A node that the header does not count yet, or without an id, is no node."""
    data = bytearray(_image_bytes(flags=0))
    data[96:104] = pack("<Q", 3)
    assert len(_image.read(data, events=False).parent) == 3
    data[96:104] = pack("<Q", 5)
    assert len(_image.read(data).parent) == 4


def test_a_node_whose_name_is_lost_says_so() -> None:
    """A name that did not reach the disk is replaced in an unfinished file."""
    data = _image_bytes(flags=0)
    at = data.index(_code("<", 1, b"g"))
    image = _image.read(data[:at] + bytes(4) + data[at + 4 :])
    assert image.codes == [CodeRef("f", "f.py", 5, 3), LOST]
    assert list(image.code) == [0, 0, 0, 1]


def test_events_after_a_torn_row_are_left_out() -> None:
    """A row whose node was never written ends the events of an unfinished file."""
    rows = _row("<", 200, 1, 3, 2)
    data = _image_bytes(flags=0).replace(rows, _row("<", 200, 1, 9, 2))
    assert len(_image.read(data).events[0]) == 2
    with pytest.raises(ImageError, match="damaged"):
        _image.read(_image_bytes().replace(rows, _row("<", 200, 1, 9, 2)))


def test_extents_that_never_reached_the_disk_end_an_unfinished_file() -> None:
    """What follows a hole is left out, what is before it is kept."""
    data = _image_bytes(flags=0)
    longer = _header("<", len(data) + 4096, 0) + data[4096:] + bytes(4096)
    assert len(_image.read(longer).parent) == 4
    with pytest.raises(ImageError, match="damaged"):
        _image.read(_header("<", len(data) + 4096, 1) + data[4096:] + bytes(4096))


# --- refusing ---


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "app.frames is not a frametools data file"),
        (b"PK\3\4" * 2000, "app.frames is not a frametools data file"),
        (_image_bytes()[:100], "app.frames is truncated"),
        (_image_bytes()[:-1], "app.frames is truncated"),
        (
            _image_bytes()[:12] + pack("<I", 7) + _image_bytes()[16:],
            "app.frames was written by a newer frametools (version 7)",
        ),
        (
            _image_bytes(">")[:12] + pack(">I", 7) + _image_bytes(">")[16:],
            "app.frames was written by a newer frametools (version 7)",
        ),
        (
            _image_bytes()[:12] + pack("<I", 0) + _image_bytes()[16:],
            "app.frames was written by an unknown frametools (version 0)",
        ),
        (
            _image_bytes()[:8] + bytes(4) + _image_bytes()[12:],
            "app.frames is damaged (its byte order)",
        ),
        (
            _image_bytes()[:4096] + bytes(32) + _image_bytes()[4128:],
            "app.frames is damaged (the extent at 4096)",
        ),
        (
            _image_bytes().replace(_node("<", 3, 2, 1), _node("<", 3, 3, 1)),
            "app.frames is damaged (a node comes before its parent)",
        ),
        (
            _image_bytes().replace(_node("<", 3, 2, 1), _node("<", 3, 2, 2)),
            "app.frames is damaged (the name of a node)",
        ),
        (
            _image_bytes().replace(_node("<", 3, 2, 1), _node("<", 4, 2, 1)),
            "app.frames is damaged (nodes are missing)",
        ),
        (
            _image_bytes().replace(_node("<", 3, 2, 1), _node("<", 3, 2, 1, 2)),
            "app.frames is damaged (the kind of a node)",
        ),
        (
            _image_bytes()[:104] + pack("<Q", 3) + _image_bytes()[112:],
            "app.frames is damaged (names are missing)",
        ),
    ],
)
def test_one_line_says_why_a_file_cannot_be_read(data: bytes, message: str) -> None:
    """A foreign, truncated, newer or damaged file gives one clear line."""
    with pytest.raises(ImageError) as caught:
        _image.read(data, "app.frames")
    assert str(caught.value) == message


def test_load_names_the_file(tmp_path: Path) -> None:
    """A file that is not ours is named in the message; a missing one is OSError."""
    path = tmp_path / "notes.txt"
    path.write_text("hello")
    with pytest.raises(ImageError, match=r"notes\.txt is not a frametools data file"):
        _image.load(path)
    with pytest.raises(FileNotFoundError):
        _image.load(tmp_path / "none")


# --- round trips and garbage ---

numbers = st.integers(0, 2**31)
names = st.text(max_size=8)
codes = st.builds(
    CodeRef, names, names, numbers, numbers, st.sampled_from(list(CodeKind))
)


@st.composite
def images(draw: st.DrawFn) -> Image:
    """Any image: threads, their trees, names, counts, events and notes."""
    image = Image()
    image.codes = draw(st.lists(codes, min_size=1, max_size=5, unique=True))
    for name in draw(st.lists(st.text("abc", max_size=9), min_size=1, max_size=3)):
        image.add_thread(name)
    for _ in range(draw(st.integers(0, 12))):
        parent = draw(st.integers(1, len(image.parent) - 1))
        flags = draw(st.sampled_from([0, C_FUNCTION, 4, 8]))
        image.add_node(parent, draw(st.integers(0, len(image.codes) - 1)), flags)
    for name in sorted(NODE_COLUMNS.keys() - {"parent", "code", "node_flags"}):
        column = getattr(image, name)
        for number in range(1, len(column)):
            column[number] = draw(numbers)
    image.flags = draw(st.sampled_from([FINISHED, FINISHED | C_FUNCTIONS]))
    image.notes = draw(
        st.lists(
            st.tuples(
                st.sampled_from([META_INFO, META_EXCEPTIONS]), st.binary(max_size=20)
            ),
            max_size=3,
        )
    )
    for index in range(len(image.threads)):
        for at in range(draw(st.integers(0, 3))):
            _add_row(image, index, at, draw(st.integers(1, 19)))
    return image


def _add_row(image: Image, thread: int, time: int, kind: int) -> None:
    rows = image.events.setdefault(thread, image.calls[:0])
    rows.frombytes(_row("=", time, kind, image.threads[thread].root, 3))


def facts(image: Image) -> dict[str, Any]:
    """Give all that an image holds, comparable."""
    values = {name: value for name, value in vars(image).items() if name != "threads"}
    slots = [
        {name: getattr(record, name) for name in record.__slots__}
        for record in image.threads
    ]
    return values | {"threads": slots}


@given(images())
def test_what_is_written_is_read(image: Image) -> None:
    """Every field of an image survives the way through a file."""
    again = _image.read(_image.write(image))
    assert facts(again) == facts(image)


@given(images(), st.data())
def test_garbage_is_an_image_or_one_clear_error(
    image: Image, data: st.DataObject
) -> None:
    """Flipped bytes and cut files give ImageError or an image, at once."""
    raw = bytearray(_image.write(image))
    if data.draw(st.booleans()):
        raw[28] &= ~FINISHED
    body = st.integers(4096, len(raw) - 1)
    places = st.one_of(st.integers(8, 170), body)
    for at in data.draw(st.lists(places, max_size=8)):
        raw[at] = data.draw(st.integers(0, 255))
    del raw[data.draw(st.sampled_from([len(raw), *range(0, len(raw), 37)])) :]
    _read_or_refuse(raw)


@given(st.data())
def test_garbage_in_a_live_file_is_no_other_error(data: st.DataObject) -> None:
    """The same for the file of a killed process, with its addresses and stacks."""
    order = data.draw(st.sampled_from("<>"))
    raw = bytearray(_image_bytes(order, flags=0, depth=data.draw(st.integers(0, 2))))
    places = st.one_of(st.integers(8, 170), st.integers(4096, len(raw) - 1))
    for at in data.draw(st.lists(places, max_size=8)):
        raw[at] = data.draw(st.integers(0, 255))
    _read_or_refuse(raw)


def _read_or_refuse(raw: bytearray) -> None:
    with suppress(ImageError):
        _image.write(_image.read(raw))


def test_huge_counts_take_no_time_or_memory() -> None:
    """Counts that a header lies about are not believed."""
    data = bytearray(_image_bytes(flags=0))
    for at in (96, 104, 112):
        data[at : at + 8] = pack("<Q", 2**63)
    began = time.process_time()
    image = _image.read(data)
    assert (len(image.parent), len(image.threads)) == (4, 1)
    assert time.process_time() - began < 1


# --- writing ---


def test_save_replaces_the_file_in_one_step(tmp_path: Path) -> None:
    """A save leaves the new file and nothing beside it."""
    path = tmp_path / "a.frames"
    path.write_bytes(b"old")
    image = _image.read(_image_bytes())
    _image.save(image, path)
    assert facts(_image.load(path)) == facts(image)
    assert os.listdir(tmp_path) == ["a.frames"]


def test_a_save_that_fails_leaves_the_old_file(tmp_path: Path) -> None:
    """When the new file cannot be written, the old one is what it was."""
    path = tmp_path / "a.frames"
    path.mkdir()
    with pytest.raises(OSError, match="directory"):
        _image.save(_image.read(_image_bytes()), path)
    assert os.listdir(tmp_path) == ["a.frames"]


def test_a_repaired_file_is_written_as_a_finished_one() -> None:
    """What was repaired once needs no repair again."""
    image = _image.read(_image_bytes(flags=0))
    again = _image.read(_image.write(image))
    assert again.flags & FINISHED
    assert list(again.wall) == list(image.wall)


def test_names_that_are_no_utf8_survive() -> None:
    """A file name with surrogates and a thread name that is cut can be kept."""
    image = Image()
    image.codes = [CodeRef("f", "caf\udce9.py", 1)]
    image.add_thread("é" * 40)
    again = _image.read(_image.write(image))
    assert again.codes == image.codes
    assert again.threads[0].name == "é" * 32
