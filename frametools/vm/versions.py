"""HANDLERS: what does each instruction that this version's compiler emits."""

from __future__ import annotations

import dis
import sys
from typing import TYPE_CHECKING

from frametools.vm import version_tables
from frametools.vm.instruction import cache_entries
from frametools.vm.opcodes.intrinsics import INTRINSICS
from frametools.vm.version_tables import V311, V312, V313, V314, V315

if TYPE_CHECKING:
    from frametools.vm.instruction import Handler

__all__ = ["EMITTED", "HANDLERS", "TABLES", "cache_entries"]

TABLES: dict[tuple[int, int], dict[str, Handler]] = {
    (3, 11): V311,
    (3, 12): V312,
    (3, 13): V313,
    (3, 14): V314,
    (3, 15): V315,
}
"""By version."""

_NEVER_EMITTED = frozenset(
    (
        "CACHE",  # the decoder skips it
        "EXTENDED_ARG",  # the decoder folds it in
        "RESERVED",
        "ENTER_EXECUTOR",
        "EXIT_INIT_CHECK",
        "TRACE_RECORD",
        "INTERPRETER_EXIT",  # only a shim has it
    )
)

EMITTED = frozenset(
    name
    for name, op in dis.opmap.items()
    if op < 256 and name not in _NEVER_EMITTED and not name.startswith("INSTRUMENTED_")
)
"""Every instruction that code may have on this version."""

HANDLERS: dict[str, Handler] = TABLES[sys.version_info[:2]]
"""By name, on this version."""

if frozenset(HANDLERS) != EMITTED:
    raise ImportError(
        f"frametools.vm: instructions {sorted(frozenset(HANDLERS) ^ EMITTED)} are not "
        "as known"
    )

INTRINSICS.update(version_tables.INTRINSIC_HANDLERS)
