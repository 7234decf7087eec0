"""Reads a data file, finished or not, of either byte order."""

from __future__ import annotations

import os
import sys
from array import array
from bisect import bisect_left
from math import isfinite
from operator import attrgetter
from struct import unpack_from

from frametools._image import layout, repair
from frametools._image.layout import Image, ImageError, ThreadRecord
from frametools.events import CodeKind, CodeRef

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, NoReturn

_CODE_KINDS = tuple(CodeKind)


def load(path: str | os.PathLike[str], *, events: bool = True) -> Image:
    """Read a data file; ImageError says why it cannot be, OSError as `open` does."""
    with open(path, "rb") as file:
        head = file.read(layout.HEADER_SIZE)
        # A film or a device is not read whole to find that it is not ours.
        rest = file.read() if head.startswith(layout.MAGIC) else b""
    return read(head + rest, os.fspath(path), events=events)


def read(
    data: bytes | bytearray | memoryview, path: str = "the data", *, events: bool = True
) -> Image:
    """Read the bytes of a data file; about 0.3 us per node.

    `path` names them in the messages of ImageError. Without `events` the rows of a
    recording are left out, with their time and memory.
    """
    reader = _Reader(memoryview(data).cast("B"), path)
    try:
        return reader.read(events=events)
    except OverflowError:
        reader.damaged("a number is out of range")


class _Extent:
    __slots__ = ("base", "end", "kind", "owner", "sequence", "start")

    def __init__(self, kind: int, start: int, end: int, rest: tuple[int, ...]) -> None:
        self.kind, self.start, self.end = kind, start, end
        self.base, self.owner, self.sequence = rest


class _Reader:
    """One reading of one file."""

    def __init__(self, data: memoryview, path: str) -> None:
        self.data = data
        self.path = path
        self.image = Image()
        self.order = "<"
        self.is_foreign = self.is_finished = False
        self.size = self.node_count = self.code_count = self.thread_count = 0
        self.extents: list[_Extent] = []

    def damaged(self, what: str) -> NoReturn:
        raise ImageError(f"{self.path} is damaged ({what})")

    def torn(self, what: str) -> None:
        """Refuse a finished file; in another it is where its process died."""
        if self.is_finished:
            self.damaged(what)

    def read(self, *, events: bool) -> Image:
        self._header()
        self.extents = list(self._walk())
        self._meta()
        self._nodes()
        self._threads()
        repair.check_tree(self.image, self.torn, self.damaged)
        if not self.is_finished:
            self._close_open()
        for thread in self.image.threads:  # addresses in a process that is gone
            thread.sp = thread.bottom = 0
        if events:
            self._events()
        return self.image

    def _of(self, kind: int) -> list[_Extent]:
        return [extent for extent in self.extents if extent.kind == kind]

    # --- header and extents ---

    def _header(self) -> None:
        if self.data[:8] != layout.MAGIC:
            raise ImageError(f"{self.path} is not a frametools data file")
        if len(self.data) < layout.HEADER_SIZE:
            raise ImageError(f"{self.path} is truncated")
        self.order = "<" if self.data[8] == 4 else ">"
        self.is_foreign = (self.order == "<") != (sys.byteorder == "little")
        values = unpack_from(self.order + layout.HEADER, self.data)
        header = dict(zip(layout.HEADER_FIELDS, values, strict=True))
        if header["byte_order"] != layout.BYTE_ORDER:
            self.damaged("its byte order")
        version = header["version"]
        if version != layout.VERSION:
            age = "a newer" if version > layout.VERSION else "an unknown"
            what = f"was written by {age} frametools (version {version})"
            raise ImageError(f"{self.path} {what}")
        self._take_header(header)

    def _take_header(self, header: dict[str, Any]) -> None:
        for field, value in header.items():
            if isinstance(value, float) and not isfinite(value):
                self.damaged(field)
            if field in layout.READER_FIELDS:
                setattr(self, field, value)
            elif hasattr(self.image, field):
                setattr(self.image, field, value)
        self.is_finished = bool(self.image.flags & layout.FINISHED)
        if not 0 < self.image.ns_per_tick < 1e9:
            self.damaged("ns_per_tick")
        if self.size > len(self.data):
            raise ImageError(f"{self.path} is truncated")

    def _walk(self) -> Iterator[_Extent]:
        at = layout.HEADER_SIZE
        form = self.order + layout.EXTENT
        while at + layout.EXTENT_SIZE <= self.size:
            magic, kind, length, *rest = unpack_from(form, self.data, at)
            is_whole = length >= layout.EXTENT_SIZE and at + length <= self.size
            if magic != layout.EXTENT_MAGIC or not is_whole or length % 8:
                break
            yield _Extent(kind, at + layout.EXTENT_SIZE, at + length, tuple(rest))
            at += length
        if at != self.size:
            self.torn(f"the extent at {at}")

    # --- names and notes ---

    def _meta(self) -> None:
        codes: dict[int, CodeRef] = {}
        for kind, start, end in self._records():
            if kind == layout.META_CODE:
                self._code(codes, start, end)
            else:
                self.image.notes.append((kind, bytes(self.data[start:end])))
        names = self.image.codes
        while len(names) in codes:
            names.append(codes[len(names)])
        if not len(names) == len(codes) == self.code_count:
            self.torn("names are missing")

    def _records(self) -> Iterator[tuple[int, int, int]]:
        form = self.order + layout.RECORD
        for extent in self._of(layout.META):
            at = extent.start
            while at + 8 <= extent.end:
                kind, length = unpack_from(form, self.data, at)
                end = at + 8 + length
                if kind == 0:
                    break
                if end > extent.end:
                    self.torn(f"the record at {at}")
                    break
                yield kind, at + 8, end
                at += 8 + (length + 7) // 8 * 8

    def _code(self, codes: dict[int, CodeRef], start: int, end: int) -> None:
        name = start + layout.CODE_SIZE
        if name > end:
            self.damaged(f"the name at {start}")
        values = unpack_from(self.order + layout.CODE, self.data, start)
        index, line, flags, kind, name_length, file_length = values
        file = name + name_length
        if file + file_length > end:
            self.damaged(f"the name at {start}")
        codes[index] = CodeRef(
            _text(self.data[name:file]),
            _text(self.data[file : file + file_length]),
            line,
            flags,
            _CODE_KINDS[min(kind, 3)],
        )

    # --- nodes and threads ---

    def _gather(self, column: array[int], start: int, end: int, step: int) -> None:
        """Append the numbers at start, start + step, ... below end."""
        width = column.itemsize
        whole = (end - start) // width * width
        words = layout.words(self.data[start : start + whole], width)
        part = array(column.typecode, words[:: step // width].tobytes())
        if self.is_foreign:
            part.byteswap()
        column.extend(part)

    def _nodes(self) -> None:
        ids = array("I")
        columns = [(layout.NODE_ID, ids), *self.image.columns()]
        for _, column in columns:
            del column[:]
        for extent in self._of(layout.NODES):
            room = (extent.end - extent.start) // layout.NODE_SIZE
            count = min(room, self.node_count - len(ids))
            end = extent.start + count * layout.NODE_SIZE
            for at, column in columns:
                if count:
                    self._gather(column, extent.start + at, end, layout.NODE_SIZE)
        valid = repair.ordered(ids)
        if valid != self.node_count:
            self.torn("nodes are missing")
        for _, column in columns:
            del column[valid:]
        if not valid:
            self.image.add_node(0, 0)

    def _threads(self) -> None:
        threads = self.image.threads
        for record in self._thread_records():
            if len(threads) == self.thread_count or record.index != len(threads):
                break
            threads.append(record)
        if len(threads) != self.thread_count:
            self.torn("threads are missing")

    def _thread_records(self) -> Iterator[ThreadRecord]:
        form, size = self.order + layout.THREAD, layout.THREAD_SIZE
        for extent in self._of(layout.THREADS):
            for at in range(extent.start, extent.end - size + 1, size):
                yield _thread(unpack_from(form, self.data, at))

    def _close_open(self) -> None:
        nodes, first = [], 0
        for extent in self._of(layout.NODES):
            count = (extent.end - extent.start) // layout.NODE_SIZE
            nodes.append((extent.base, first, count))
            first += count
        stacks = [
            (extent.base, self.data[extent.start : extent.end])
            for extent in self._of(layout.STACK)
        ]
        repair.close_open(self.image, sorted(nodes), stacks, self.order)

    # --- events ---

    def _events(self) -> None:
        spans: dict[int, list[tuple[int, int]]] = {}
        for extent in sorted(self._of(layout.EVENTS), key=attrgetter("sequence")):
            count = self._used_rows(extent)
            if count and extent.owner >= len(self.image.threads):
                self.torn("events without a thread")
            elif count:
                span = extent.start, extent.start + count * layout.ROW.size
                spans.setdefault(extent.owner, []).append(span)
        for thread, parts in sorted(spans.items()):
            rows = self._rows(parts)
            valid = repair.valid_rows(rows, len(self.image.parent))
            if valid * 2 != len(rows):
                self.torn("an event")
                del rows[valid * 2 :]
            self.image.events[thread] = rows

    def _used_rows(self, extent: _Extent) -> int:
        """Count the rows before the first that was not written."""
        whole = (extent.end - extent.start) // layout.ROW.size
        words = layout.words(self.data[extent.start : extent.start + whole * 16], 8)
        return bisect_left(range(whole), True, key=lambda row: words[2 * row] == 0)

    def _rows(self, parts: list[tuple[int, int]]) -> array[int]:
        # Not by `extend`: an array that grows takes a sixteenth more than it holds.
        rows = array("Q", [0]) * (sum(end - start for start, end in parts) // 8)
        target, at = memoryview(rows).cast("B"), 0
        for start, end in parts:
            target[at : at + end - start] = self.data[start:end]
            at += end - start
        target.release()
        return repair.swapped_rows(rows) if self.is_foreign else rows


def _thread(values: tuple[Any, ...]) -> ThreadRecord:
    record = ThreadRecord(0)
    for field, value in zip(layout.THREAD_FIELDS, values, strict=True):
        # A name cut in the middle of a character is still a name.
        name = isinstance(value, bytes) and value.rstrip(b"\0").decode(errors="replace")
        setattr(record, field, value if name is False else name)
    return record


def _text(data: memoryview) -> str:
    raw = bytes(data)
    try:
        return raw.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return raw.decode("utf-8", "replace")
