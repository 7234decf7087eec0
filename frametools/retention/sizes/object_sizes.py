"""What is known about the types of objects that a walk meets: size, references.

Decided once per type, in a table that is thrown away after the look: no type of the
program is kept or hashed, and nothing that it defines in Python runs.
"""

from __future__ import annotations

import sys
from types import CodeType, MethodDescriptorType, ModuleType
from types import WrapperDescriptorType as WrapperType
from typing import TYPE_CHECKING, Any

from frametools.retention.sizes.buffers import Buffers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from frametools.retention.sizes.buffers import Hidden

_is_subtype = type.__subclasscheck__
_flags_of: Any = type.__dict__["__flags__"].__get__
_order_of: Any = type.__dict__["__mro__"].__get__
_dict_of: Any = type.__dict__["__dict__"].__get__

_HAVE_GC = 1 << 14
_PREHEADER = 1 << 3 | 1 << 4  # Py_TPFLAGS_MANAGED_WEAKREF, Py_TPFLAGS_MANAGED_DICT
_BORDERS = (type, ModuleType, CodeType)


class Kinds:
    """What is known about the types met, by their ids.

    Valid for as long as the objects met are kept by somebody.
    """

    def __init__(self) -> None:
        self.known: set[int] = set()
        self.borders: set[int] = set()
        """Types of what is not entered: modules, types, code."""
        self.hiding: dict[int, Callable[[Any], Iterable[object]]] = {}
        """How to ask objects of a type for references that the collector misses."""
        self.sized: dict[int, Callable[[Any], int]] = {}
        """How to measure objects of a type if not by `sys.getsizeof`."""
        self.buffers = Buffers()

    def have_borders(self, objects: list[object]) -> bool:
        """Learn the types of objects; tell if some are not to be entered."""
        kinds = set(map(id, map(type, objects)))
        if not kinds <= self.known:
            examples = dict(zip(map(id, map(type, objects)), objects, strict=True))
            for key in kinds - self.known:
                self._learn(key, type(examples[key]))
            self.known |= kinds
        return not self.borders.isdisjoint(kinds)

    def _learn(self, key: int, kind: type) -> None:
        if any(_is_subtype(base, kind) for base in _BORDERS):
            self.borders.add(key)
            return
        size = size_function(kind)
        if size is not sys.getsizeof:
            self.sized[key] = size
        hidden = self.buffers.hidden(kind)
        if hidden is not None:
            self._learn_hidden(key, hidden, size)

    def _learn_hidden(
        self, key: int, hidden: Hidden, plain: Callable[[object], int]
    ) -> None:
        more = hidden.size
        if more is not None:
            self.sized[key] = lambda thing: plain(thing) + more(thing)
        if hidden.references is not None:
            self.hiding[key] = hidden.references

    def hidden(self, objects: list[object]) -> list[object]:
        """Return what objects refer to unseen by the collector."""
        hiding = self.hiding
        found: list[object] = []
        for thing in objects:
            key = id(type(thing))
            if key in hiding:
                found += hiding[key](thing)
        return found

    def size(self, objects: list[object]) -> int:
        """Add up the bytes of objects, about 30 ns each."""
        sized = self.sized
        if not sized or sized.keys().isdisjoint(map(id, map(type, objects))):
            return sum(map(sys.getsizeof, objects))
        keys = map(id, map(type, objects))
        sizes = map(sized.get, keys, [sys.getsizeof] * len(objects))
        return sum(size(thing) for size, thing in zip(sizes, objects, strict=True))


def size_function(kind: type) -> Callable[[object], int]:
    """Return what measures objects of a type without running Python code.

    `sys.getsizeof`, unless the type has a `__sizeof__` in Python (that of pandas is
    deep): then that of C behind it, with the header that `sys.getsizeof` adds.
    """
    is_first = True
    for base in _order_of(kind):
        found = _dict_of(base).get("__sizeof__")
        if found is None:
            continue
        is_c = type(found) in (MethodDescriptorType, WrapperType)
        if is_c and found.__objclass__ is base:
            return sys.getsizeof if is_first else _with_header(kind, found)
        is_first = False
    return _with_header(kind, object.__sizeof__)


def _with_header(
    kind: type, sizeof: Callable[[object], int]
) -> Callable[[object], int]:
    flags = _flags_of(kind)
    header = 16 * bool(flags & _HAVE_GC) + 16 * bool(flags & _PREHEADER)
    return lambda thing: sizeof(thing) + header
