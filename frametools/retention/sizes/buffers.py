"""Memory and references that the collector cannot see: arrays, tensors, buffers.

An ndarray has no `tp_traverse`: its base and its items are invisible, and those of a
tensor live in C++. What is known of a package is used only where the program has
imported it, and read through descriptors of its C types: no method of a subclass runs.
(A memoryview needs nothing: its traverse shows the managed buffer, that the exporter.)
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_is_subtype = type.__subclasscheck__
_namespace: Any = vars(ModuleType)["__dict__"].__get__


class Hidden(NamedTuple):
    """What to ask about the objects of a type; None: the collector knows."""

    references: Callable[[Any], Iterable[object]] | None = None
    """The objects that it refers to unseen, each once per reference."""
    size: Callable[[Any], int] | None = None
    """Its bytes beyond `sys.getsizeof`."""


class Buffers:
    """Tells what is hidden in types; made for one look and thrown away.

    Making one costs about 1 us, and a type that hides nothing about 1 us once.
    """

    def __init__(self) -> None:
        self._known = [
            (base, make)
            for path, make in _MAKERS.items()
            if (base := _imported(*path)) is not None
        ]

    def hidden(self, kind: type) -> Hidden | None:
        """Tell what the objects of a type hide; None if nothing is known."""
        for base, make in self._known:
            if _is_subtype(base, kind):
                return make(base)
        return None


def _imported(module: str, name: str) -> Any:
    """Return a type of a module if the program has that; imports nothing."""
    found = sys.modules.get(module)
    if not _is_subtype(ModuleType, type(found)):
        return None
    kind = _namespace(found).get(name)
    return kind if _is_subtype(type, type(kind)) else None


def _array(kind: Any) -> Hidden:
    """Know an ndarray's base, and the items of one that has objects.

    `sys.getsizeof` counts the data of the array that owns it.
    """
    base_of = kind.__dict__["base"].__get__
    dtype_of = kind.__dict__["dtype"].__get__
    flat_of = kind.__dict__["flat"].__get__

    def references(array: Any) -> Iterable[object]:
        base = base_of(array)
        if base is not None:
            return (base,)
        # Fields of a record that are objects stay hidden: they count as shared.
        return flat_of(array) if dtype_of(array).char == "O" else ()

    return Hidden(references=references)


def _tensor(kind: Any) -> Hidden:
    """Know the tensor that a view is of, and count storage once its last user is met.

    One that has other users is not freed: it counts nothing. A base has one reference
    for all of its views (torch's PyObject preservation), told of by the first one met.
    What `__torch_function__` a subclass has is not called. Gradients and what a graph
    has saved stay hidden.
    """
    core = _namespace(sys.modules["torch._C"])
    quiet = core["DisableTorchFunctionSubclass"]
    users_of = core["_storage_Use_Count"]
    base_of = kind.__dict__["_base"].__get__
    storage_of = kind.__dict__["untyped_storage"]
    met: dict[int, int] = {}
    views: dict[int, int] = {}

    def references(tensor: Any) -> Iterable[object]:
        with quiet():
            base = base_of(tensor)
        is_told = base is None or views.setdefault(id(base), id(tensor)) != id(tensor)
        return () if is_told else (base,)

    def size(tensor: Any) -> int:
        try:
            with quiet():
                storage = storage_of(tensor)
                key = storage._cdata
                met[key] = met.get(key, 0) + 1
                # `storage` itself uses it too.
                is_last = met[key] == users_of(key) - 1
                return int(storage.nbytes()) if is_last else 0
        except (RuntimeError, NotImplementedError):  # sparse, meta, freed
            return 0

    return Hidden(references, size)


def _arrow(kind: Any) -> Hidden:
    """Count the bytes of an arrow buffer that is not a part of another one."""
    size_of = kind.__dict__["size"].__get__
    parent_of = kind.__dict__["parent"].__get__

    def size(buffer: Any) -> int:
        return int(size_of(buffer)) if parent_of(buffer) is None else 0

    return Hidden(size=size)


_MAKERS: dict[tuple[str, str], Callable[[Any], Hidden]] = {
    ("numpy", "ndarray"): _array,
    ("torch._C", "TensorBase"): _tensor,
    ("pyarrow.lib", "Buffer"): _arrow,
}
