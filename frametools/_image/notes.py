"""The JSON notes of a data file; `json` is imported when one is read."""

from __future__ import annotations

from sys import byteorder

from frametools._image.layout import META_EXCEPTIONS, META_INFO, META_MEMORY, META_TASK

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from typing import Any

    Notes = Iterable[tuple[int, bytes]]


def read_info(notes: Notes) -> dict[str, Any]:
    """Give the INFO of a file: keys of later notes replace those of earlier ones."""
    info: dict[str, Any] = {}
    for value in _values(notes, META_INFO):
        if isinstance(value, dict):
            info |= value
    return info


def read_exceptions(notes: Notes) -> list[dict[str, Any]]:
    """Give the EXCEPTIONS of a file, those of all notes."""
    lists = [x for x in _values(notes, META_EXCEPTIONS) if isinstance(x, list)]
    return [row for rows in lists for row in rows if isinstance(row, dict)]


def read_memory_note(notes: Notes) -> Any:
    """Give the last MEMORY of a file, None if it has none."""
    found = None
    for found in _values(notes, META_MEMORY):  # noqa: B007 -- the last one counts
        continue
    return found


def read_task_names(notes: Notes, codes: int) -> dict[int, str]:
    """Give the names of tasks by the number of a code; what names none is left."""
    found = {}
    for kind, data in notes:
        if kind == META_TASK and len(data) > 4:
            index = int.from_bytes(data[:4], byteorder)
            if index < codes:
                found[index] = data[4:].decode("utf-8", "replace")
    return found


def task_notes(names: Mapping[int, str]) -> list[tuple[int, bytes]]:
    """Give the notes of a file that name tasks."""
    return [
        (META_TASK, index.to_bytes(4, byteorder) + name.encode("utf-8", "replace"))
        for index, name in names.items()
        if name
    ]


def write_notes(
    info: dict[str, Any],
    exceptions: list[dict[str, Any]],
    memory: dict[str, Any] | None = None,
) -> list[tuple[int, bytes]]:
    """Give the notes of a file; TypeError for what JSON cannot hold."""
    import json

    notes: list[tuple[int, bytes]] = []
    if info:
        notes.append((META_INFO, json.dumps(info).encode()))
    if exceptions:
        notes.append((META_EXCEPTIONS, json.dumps(exceptions).encode()))
    if memory:
        notes.append((META_MEMORY, json.dumps(memory).encode()))
    return notes


def _values(notes: Notes, kind: int) -> Iterator[Any]:
    for note_kind, data in notes:
        if note_kind == kind:
            try:
                yield _loads(data)
            except (ValueError, RecursionError):
                continue  # a note that is damaged costs the note, not the file


def _loads(data: bytes) -> Any:
    import json

    return json.loads(data)
