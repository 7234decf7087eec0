"""Names of code, for the Python twin: by identity, and by what they are called.

Code objects are found by their address. The registry holds a weak reference to each,
and when one dies its address is forgotten everywhere, so that the next object there
is not taken for it. Nothing of the program is kept alive.
"""

from __future__ import annotations

from _thread import allocate_lock
from _weakref import ref

from frametools.monitor._endings import watch
from frametools.monitor._nodes import COROUTINE, GENERATOR, TRACKED

# A program may delete some of those that all share.
globals()["__builtins__"] = vars(__import__("builtins")).copy()

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType
    from typing import Any

    from frametools.monitor._nodes import Node

_CO_GENERATOR, _CO_COROUTINE, _CO_ITERABLE_COROUTINE, _CO_ASYNC = 32, 128, 256, 512
_AWAITS = _CO_COROUTINE | _CO_ITERABLE_COROUTINE | _CO_ASYNC

Name = tuple[str, str, int, int, int]
"""qualname, filename, firstlineno, co_flags, kind: a `CodeRef`'s fields."""


class _CodeRef(ref["CodeType"]):
    """A weak reference that remembers the address."""

    __slots__ = ("address",)
    address: int


class Entry:
    """What is known of one live code object."""

    __slots__ = ("flags", "ignored", "index", "places", "reference")

    def __init__(self, index: int, flags: int, ignored: bool) -> None:
        self.index = index
        self.flags = flags
        self.ignored = ignored
        self.places: list[dict[int, Node]] = []
        self.reference: _CodeRef


class Codes:
    """All names, numbered as in the data file."""

    def __init__(
        self,
        wants: Callable[[CodeType], bool] | None,
        hide: tuple[str, ...],
        own: frozenset[str],
        tracks_generators: bool,
    ) -> None:
        self.names: list[Name] = []
        self._index: dict[tuple[str, str, int, int], int] = {}
        self._entries: dict[int, Entry] = {}
        self._wants = wants
        self._hide = hide
        self._own = own
        self._tracks_generators = tracks_generators
        self._lock = allocate_lock()

    def entry(self, code: CodeType) -> Entry:
        """Find what is known of `code`; 4 us for one not seen before."""
        entry = self._entries.get(id(code))
        if entry is None:
            entry = self._new_entry(code)
        return entry

    def index(
        self, qualname: str, filename: str, line: int, flags: int, kind: int
    ) -> int:
        """Number a name; two code objects of the same name share one."""
        key = (qualname, filename, line, kind)
        index = self._index.get(key)
        if index is None:
            with self._lock:
                index = self._index.setdefault(key, len(self.names))
                if index == len(self.names):
                    self.names.append((qualname, filename, line, flags, kind))
        return index

    def again(self, index: int) -> int:
        """Number a name once more, for what is to be told apart."""
        with self._lock:
            self.names.append(self.names[index])
            return len(self.names) - 1

    @property
    def is_filtered(self) -> bool:
        """True where there is a `wants` to leave code out."""
        return self._wants is not None

    def is_own(self, code: CodeType) -> bool:
        """True for the twin's own code."""
        return code.co_filename in self._own

    def place(self, entry: Entry, code: CodeType, node: Node) -> None:
        """Make `node` the child that its parent finds by the address of `code`."""
        children = node.parent.children
        children[id(code)] = node
        entry.places.append(children)

    def _new_entry(self, code: CodeType) -> Entry:
        filename = code.co_filename
        ignored = filename in self._own or filename.startswith(self._hide)
        if not ignored and self._wants is not None:
            ignored = not self._is_wanted(code)
        index = 0
        if not ignored:
            name = code.co_qualname, filename, code.co_firstlineno
            index = self.index(*name, code.co_flags, 0)
            watch(code)
        entry = Entry(index, self._flags(code.co_flags), ignored)
        entry.reference = _CodeRef(code, self._died)
        entry.reference.address = id(code)
        return self._entries.setdefault(id(code), entry)

    def _is_wanted(self, code: CodeType) -> bool:
        try:
            return self._wants is None or bool(self._wants(code))
        except Exception:  # a filter that fails shows what it cannot judge
            return True

    def _flags(self, co_flags: int) -> int:
        flags = 0
        if co_flags & _AWAITS:
            flags = COROUTINE | TRACKED
        if co_flags & _CO_GENERATOR:
            flags |= GENERATOR | (TRACKED if self._tracks_generators else 0)
        return flags

    def forget(self) -> None:
        """Let go of all addresses: nothing is asked of this run any more."""
        self._entries.clear()

    def _died(self, reference: Any) -> None:
        entry = self._entries.pop(reference.address, None)
        if entry is not None:
            for children in entry.places:
                children.pop(reference.address, None)
