"""Writes an `Image` as a finished, compact data file."""

from __future__ import annotations

from array import array
from struct import pack

from frametools._image import layout
from frametools._whole_file import Replacing

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os

    from frametools._image.layout import Image, ThreadRecord
    from frametools.events import CodeRef


def save(image: Image, path: str | os.PathLike[str]) -> None:
    """Write a data file in one step: `path` holds the old file or the whole new one.

    OSError if it cannot be written; nothing is left behind then.
    """
    data = write(image)
    with Replacing(path) as partial, open(partial, "wb") as file:
        file.write(data)


def write(image: Image) -> bytes:
    """Give the bytes of a finished file in this machine's byte order; O(nodes)."""
    extents = [
        _extent(layout.META, _meta(image)),
        _extent(layout.NODES, _nodes(image)),
        _extent(layout.THREADS, b"".join(map(_thread, image.threads))),
    ]
    for sequence, thread in enumerate(sorted(image.events), 1):
        rows = image.events[thread].tobytes()
        extents.append(_extent(layout.EVENTS, rows, thread, sequence))
    size = layout.HEADER_SIZE + sum(map(len, extents))
    return b"".join([_header(image, size), *extents])


def _header(image: Image, size: int) -> bytes:
    own = {
        "magic": layout.MAGIC,
        "byte_order": layout.BYTE_ORDER,
        "version": layout.VERSION,
        "size": size,
        "node_count": len(image.parent),
        "code_count": len(image.codes),
        "thread_count": len(image.threads),
        "flags": image.flags | layout.FINISHED,
    }
    values = [
        own[field] if field in own else getattr(image, field)
        for field in layout.HEADER_FIELDS
    ]
    return pack("=" + layout.HEADER, *values).ljust(layout.HEADER_SIZE, b"\0")


def _extent(
    kind: int, data: bytes | bytearray, owner: int = 0, sequence: int = 0
) -> bytes:
    length = layout.EXTENT_SIZE + len(data)
    head = (layout.EXTENT_MAGIC, kind, length, 0, owner, sequence)
    return pack("=" + layout.EXTENT, *head) + data


def _meta(image: Image) -> bytes:
    names = (_code(index, code) for index, code in enumerate(image.codes))
    records = [(layout.META_CODE, name) for name in names] + image.notes
    return b"".join(map(_record, records))


def _record(record: tuple[int, bytes]) -> bytes:
    kind, data = record
    padding = -len(data) % 8
    return pack("=" + layout.RECORD, kind, len(data)) + data + bytes(padding)


def _code(index: int, code: CodeRef) -> bytes:
    name = code.qualname.encode("utf-8", "surrogatepass")
    file = code.filename.encode("utf-8", "surrogatepass")
    numbers = index, code.firstlineno, code.flags, code.kind, len(name), len(file)
    return pack("=" + layout.CODE, *numbers) + name + file


def _nodes(image: Image) -> bytearray:
    ids = array("I", range(len(image.parent)))
    data = bytearray(len(ids) * layout.NODE_SIZE)
    for offset, column in [(layout.NODE_ID, ids), *image.columns()]:
        width = column.itemsize
        words = layout.words(memoryview(data), width)
        words[offset // width :: layout.NODE_SIZE // width] = memoryview(column)
    return data


def _thread(thread: ThreadRecord) -> bytes:
    values = {field: getattr(thread, field) for field in layout.THREAD_FIELDS}
    values |= {"sp": 0, "bottom": 0, "name": _name(thread.name)}
    return pack("=" + layout.THREAD, *values.values())


def _name(name: str) -> bytes:
    return name.encode("utf-8", "replace")[:64]
