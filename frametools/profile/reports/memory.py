"""Memory by function: by what it grew, and how large the process was then."""

from __future__ import annotations

from frametools.calltree.memory import by_function
from frametools.profile._columns import Column, of_functions
from frametools.profile._names import Places
from frametools.profile._report import LackingError
from frametools.profile._sheet import sheet_for
from frametools.profile._units import count, plural, signed_size, size

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TextIO

    from frametools.calltree import CallTree
    from frametools.calltree.memory import FunctionMemory, Memory
    from frametools.profile._report import ReportOptions

ROWS = 10
_WHAT = {"rss": "RSS", "allocated": "allocated by Python (tracemalloc)"}


class MemoryTable:
    """The `memory` form."""

    name = "memory"
    is_binary = False

    def write(self, tree: CallTree, out: TextIO, options: ReportOptions) -> None:
        """Write the section; LackingError if no memory was sampled. O(nodes)."""
        memory = tree.memory
        if memory is None:
            raise LackingError(
                "memory shows samples of memory, and there are none: frametools "
                "profile --memory or --memory-alloc takes them"
            )
        sheet = sheet_for(out, options)
        rows = sorted(by_function(tree), key=_rank)
        shown = rows[: ROWS if options.limit is None else options.limit]
        sheet.title(_title(memory, len(rows), len(shown)))
        if shown:
            sheet.grid(_columns(Places(tree.info.get("cwd", "")), shown))


def _rank(row: FunctionMemory) -> tuple[int, int, str, str, int]:
    code = row.code
    return -abs(row.cum_net), -row.peak, code.qualname, code.filename, code.firstlineno


def _title(memory: Memory, total: int, shown: int) -> str:
    part = f", {count(shown)} of {count(total)} functions" if shown < total else ""
    samples = plural(memory.samples, "sample")
    return (
        f"memory, {_WHAT[memory.source]}: {signed_size(memory.net)} in {samples}, "
        f"{memory.period_ms:g} ms apart or more; peak {size(memory.peak)}{part}"
    )


def _columns(places: Places, rows: list[FunctionMemory]) -> list[Column]:
    return [
        Column("self", (signed_size(row.self_net) for row in rows)),
        Column("cum", (signed_size(row.cum_net) for row in rows)),
        Column("peak", (size(row.peak) for row in rows)),
        Column("samples", (count(row.samples) for row in rows)),
        *of_functions([places.label(row.code) for row in rows]),
    ]


REPORT = MemoryTable()
