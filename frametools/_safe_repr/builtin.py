"""How each built-in type is shown: by the function that is its repr."""

from __future__ import annotations

import sys
from types import CellType, MappingProxyType
from typing import TYPE_CHECKING, Any

from frametools._safe_repr.classes import name_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from frametools._safe_repr.text import Text

SLOT = type(object.__repr__)
"""The type of these functions, which have a hash that can be relied on."""


def _string(text: Text, obj: str) -> None:
    is_cut = str.__len__(obj) > text.left + text.ahead
    piece = text.hidden(obj)
    text.add(repr(piece[: text.left + 1]))
    if is_cut:
        text.end()


def _bytes(text: Text, obj: bytes | bytearray) -> None:
    kind: Any = bytearray if issubclass(type(obj), bytearray) else bytes
    piece = kind.__getitem__(obj, slice(text.left + text.ahead))
    is_cut = kind.__len__(obj) > len(piece)
    piece = text.hidden(piece.decode("latin-1")).encode("latin-1")
    text.add(repr(kind(piece[: text.left + 1])))
    if is_cut:
        text.end()


def _int(text: Text, obj: int) -> None:
    bits = int.bit_length(obj)
    # Conversion takes the square of the digits, and 3.11 refuses 4,300 of them.
    is_long = bits > 4000 or bits > 4 * text.limit
    text.add(f"<int of {bits:,} bits>" if is_long else int.__repr__(obj))


def _list(text: Text, obj: list[object]) -> None:
    text.sequence(obj, "[", "]", list.__iter__(obj))


def _tuple(text: Text, obj: tuple[object, ...]) -> None:
    end = ",)" if tuple.__len__(obj) == 1 else ")"
    text.sequence(obj, "(", end, tuple.__iter__(obj))


def _dict(text: Text, obj: dict[object, object]) -> None:
    text.inside(obj, "{", "}", text.item, dict.items(obj))


def _set(text: Text, obj: set[object] | frozenset[object]) -> None:
    kind: Any = frozenset if issubclass(type(obj), frozenset) else set
    begin, end = ("{", "}") if kind.__len__(obj) else ("", "")
    if type(obj) is not set or not begin:
        begin, end = f"{name_of(type(obj))}({begin}", f"{end})"
    text.inside(obj, begin, end, text.show, kind.__iter__(obj))


def _exception(text: Text, obj: BaseException) -> None:
    args = BaseException.args.__get__(obj)  # type: ignore[attr-defined]
    text.sequence(obj, name_of(type(obj)) + "(", ")", args)


def _cell(text: Text, obj: CellType) -> None:
    try:
        held: tuple[object, ...] = (obj.cell_contents,)
    except ValueError:
        held = ()
    text.inside(obj, "cell(", ")", text.show, held)


def _deque(text: Text, obj: Iterable[object]) -> None:
    text.sequence(obj, name_of(type(obj)) + "([", "])", obj)


def _view(text: Text, obj: Iterable[object]) -> None:
    text.inside(obj, name_of(type(obj)) + "([", "])", text.show, obj)


def _items(text: Text, obj: Iterable[tuple[object, object]]) -> None:
    text.inside(obj, name_of(type(obj)) + "([", "])", text.pair, obj)


def _proxy(text: Text, obj: MappingProxyType[object, object]) -> None:
    begin = name_of(type(obj)) + "({"
    text.inside(obj, begin, "})", text.item, MappingProxyType.items(obj))


def _ordered(text: Text, obj: object) -> None:
    """Show an OrderedDict in its own order: as a dict it does not know of moves."""
    ordered: Any = sys.modules["collections"].OrderedDict
    begin = name_of(type(obj)) + "({"
    text.inside(obj, begin, "})", text.item, ordered.items(obj))


def _default(text: Text, obj: Any) -> None:
    factory: Any = sys.modules["collections"].defaultdict.default_factory
    text.add(name_of(type(obj)) + "(")
    text.show(factory.__get__(obj))
    text.inside(obj, ", {", "})", text.item, dict.items(obj))


RENDER: dict[object, Callable[[Text, Any], None]] = {
    str.__repr__: _string,
    bytes.__repr__: _bytes,
    bytearray.__repr__: _bytes,
    int.__repr__: _int,
    list.__repr__: _list,
    tuple.__repr__: _tuple,
    dict.__repr__: _dict,
    set.__repr__: _set,
    frozenset.__repr__: _set,
    BaseException.__repr__: _exception,
    MappingProxyType.__repr__: _proxy,
    CellType.__repr__: _cell,
    type({}.keys()).__repr__: _view,
    type({}.values()).__repr__: _view,
    type({}.items()).__repr__: _items,
}
_LATE = {
    ("collections", "deque"): _deque,
    ("collections", "OrderedDict"): _ordered,
    ("collections", "defaultdict"): _default,
    ("array", "array"): _view,
}


def late(method: object) -> Callable[[Text, Any], None] | None:
    """Find how to show a type of a module that may not be there yet."""
    for (module, name), render in _LATE.items():
        cls = getattr(sys.modules.get(module), name, None)
        if cls is not None and cls.__repr__ is method:
            return render
    return None
