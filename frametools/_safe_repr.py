"""`repr` of what is somebody else's: bounded, redacted, and it never raises.

Text is bounded while it is built: of a string of 10 MB or a list of a million elements
only what is shown is looked at. That holds for the built-in types, their subclasses
that do not define a `__repr__`, dataclasses and named tuples; the `__repr__` of another
class is called, whatever it does is caught, and its text is cut.
"""

from __future__ import annotations

import sys
from itertools import islice
from types import CellType, MappingProxyType, SimpleNamespace
from typing import TYPE_CHECKING, Any

from frametools._secrets import REDACTED, hide_secrets, is_secret

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_STR: Any = BaseException.__str__
_OBJECT_STR: Any = object.__str__
_KEY_ERROR_STR: Any = KeyError.__str__

_DEPTH = 6
"""Deeper containers are shown as `...`."""


__all__ = [
    "REDACTED",
    "called",
    "is_secret",
    "quick_repr",
    "safe_message",
    "safe_repr",
    "size_note",
]


class _FullError(Exception):
    """There is no room left; what was built so far is shown."""


def safe_repr(
    obj: object,
    limit: int = 200,
    *,
    name: str = "",
    redact: Callable[[object], bool] | None = is_secret,
    call: Callable[[object], str] | None = None,
) -> str:
    """Give the repr of an object in at most `limit` characters.

    Values whose key, field or `name` tells a secret are replaced; `redact` is asked
    about these names, None replaces nothing, passwords in texts neither. Never raises:
    not even SystemExit out of a `__repr__` goes through. `call` is what calls such a
    `__repr__`, `called` by default. 1 us for a small value of built-in types.
    """
    if redact is not None and name and redact(name):
        return REDACTED[:limit]
    text = _Text(limit, redact, call or called)
    try:
        quick = quick_repr(obj, limit, redact)
        if quick is not None:
            return quick
        text.show(obj)
    except _FullError:
        return text.cut(size_note(obj))
    except BaseException as error:
        return text.cut(f"<{_name(type(error))}>")
    return text.whole()


def safe_message(exc: BaseException, limit: int = 500) -> str:
    """Give `str(exc)` in at most `limit` characters; never raises."""
    try:
        return _message(exc, limit)
    except BaseException as error:
        return f"<str raised {_name(type(error))}>"[:limit]


def _message(exc: BaseException, limit: int) -> str:
    cls: Any = type(exc)
    method = cls.__str__
    args = BaseException.args.__get__(exc)  # type: ignore[attr-defined]
    if method is _KEY_ERROR_STR and len(args) == 1:
        return safe_repr(args[0], limit)
    if method is not _STR or len(args) == 1:
        arg: Any = args[0] if method is _STR else exc
        if type(arg).__str__ is _OBJECT_STR:
            return safe_repr(arg, limit)
        message = arg if issubclass(type(arg), str) else str(arg)
        return _bounded(message, limit)
    return safe_repr(args, limit) if args else ""


def quick_repr(
    obj: Any, limit: int, redact: Callable[[object], bool] | None
) -> str | None:
    """Give the repr of what is small, plain and shows no secret; else None.

    0.3 us for an int. A RuntimeError where another thread changes a dict meanwhile.
    """
    kind = type(obj)
    if kind is int:
        if not -_BIG < obj < _BIG:
            return None
    elif kind is str:
        if not _is_harmless(obj, limit):
            return None
    elif _room_after(obj, limit, redact, 3) < 0:
        return None
    text = repr(obj)
    return text if len(text) <= limit else None


def _room_after(
    obj: Any, room: int, redact: Callable[[object], bool] | None, depth: int
) -> int:
    """Say how much room is left, at most, behind the repr of an object.

    Negative if there is none, or `repr` would not do: it runs code, shows a secret.
    """
    kind = type(obj)
    if kind is int:
        return room - 1 if -_BIG < obj < _BIG else -1
    if kind is str:
        return room - len(obj) if _is_harmless(obj, room) else -1
    if obj is None or kind is bool or kind is float:
        return room - 3
    if not depth:
        return -1
    if kind is list or kind is tuple:
        return _room_after_items(obj, room, redact, depth - 1)
    return _room_after_dict(obj, room, redact, depth - 1) if kind is dict else -1


_BIG = 10**30


def _is_harmless(text: str, room: int) -> bool:
    """Tell if a string of its exact type shows no secret, and every output takes it."""
    if len(text) > room or not text.isascii() or "=" in text or ":" in text:
        return False
    return "earer " not in text and "asic " not in text


def _room_after_items(
    items: list[Any] | tuple[Any, ...],
    room: int,
    redact: Callable[[object], bool] | None,
    depth: int,
) -> int:
    for each in items:
        kind = type(each)
        if kind is int and -_BIG < each < _BIG:
            room -= 3
        elif kind is tuple and _hides(each, redact):
            return -1
        else:
            room = _room_after(each, room - 2, redact, depth)
        if room < 0:
            return -1
    return room


def _hides(pair: tuple[object, ...], redact: Callable[[object], bool] | None) -> bool:
    return len(pair) == 2 and redact is not None and redact(pair[0])


def _room_after_dict(
    items: dict[Any, Any],
    room: int,
    redact: Callable[[object], bool] | None,
    depth: int,
) -> int:
    for key, value in items.items():
        if redact is not None and redact(key):
            return -1
        if type(key) is str and key.isidentifier() and key.isascii():
            room -= len(key) + 4
        else:
            room = _room_after(key, room - 4, redact, 0)
        if room >= 0:
            room = _room_after(value, room, redact, depth)
        if room < 0:
            return -1
    return room


def _bounded(string: str, limit: int) -> str:
    """Cut a string, of whatever subclass, to one that every output takes."""
    text = _Text(limit)
    try:
        text.add(string)
    except _FullError:
        return text.cut("")
    return text.whole()


class _Text:
    """What was built so far, and the room that is left."""

    def __init__(
        self,
        limit: int,
        redact: Callable[[object], bool] | None = is_secret,
        call: Callable[[object], str] | None = None,
    ) -> None:
        self.limit = limit
        self.redact = redact
        self.call = call or called
        self.left = limit
        self.parts: list[str] = []
        self.around: list[int] = []
        """Identities of the containers that are being shown."""

    def add(self, text: str) -> None:
        """Append a string; raises _FullError once the room is used up."""
        self.parts.append(str.__getitem__(text, slice(self.left + 1)))
        self.left -= str.__len__(text)
        if self.left < 0:
            raise _FullError

    def whole(self) -> str:
        """Give the text, lone surrogates escaped."""
        text = "".join(self.parts)
        clean = text.encode("utf-8", "backslashreplace").decode()
        return clean if len(clean) <= self.limit else clean[: self.limit - 1] + "…"

    def cut(self, note: str) -> str:
        """Give what fits, with a mark and a note at its end."""
        text = self.whole()
        end = f"… {note}" if note else "…"
        if len(end) > self.limit // 2:
            end = "…"
        return (text[: self.limit - len(end)] + end)[: self.limit]

    def show(self, obj: object) -> None:
        """Append the repr of an object."""
        method = type(obj).__repr__
        render = _RENDER.get(method) or _late(method)
        if render is not None:
            render(self, obj)
            return
        fields = _fields(obj, method)
        if fields is None:
            self.add(self.hidden(self.call(obj)))
        else:
            is_plain = type(obj) is SimpleNamespace
            name = "namespace" if is_plain else _name(type(obj))
            self.inside(obj, f"{name}(", ")", self.named, fields)

    def inside(
        self,
        obj: object,
        begin: str,
        end: str,
        element: Callable[[Any], None],
        elements: Iterable[Any],
    ) -> None:
        """Append a container: `begin`, its elements, `end`."""
        if id(obj) in self.around or len(self.around) >= _DEPTH:
            self.add(f"{begin}...{end}")
            return
        self.around.append(id(obj))
        self.add(begin)
        # As many as could fit, with a character and a comma each.
        for index, each in enumerate(islice(elements, self.left // 2 + 1)):
            self.add(", " if index else "")
            element(each)
        self.add(end)
        self.around.pop()

    def item(self, pair: tuple[object, object]) -> None:
        """Append `key: value`."""
        key, value = pair
        self.show(key)
        self.add(": ")
        self.value(key, value)

    def named(self, pair: tuple[str, object]) -> None:
        """Append `name=value`."""
        name, value = pair
        self.add(f"{name}=")
        self.value(name, value)

    def value(self, key: object, value: object) -> None:
        """Append a value, unless its key tells a secret."""
        if self.redact is not None and self.redact(key):
            self.add(REDACTED)
        else:
            self.show(value)

    def hidden(self, text: str) -> str:
        """Cut a text to what may be shown, without the secrets that it names."""
        piece = str.__getitem__(text, slice(self.left + _AHEAD))
        return piece if self.redact is None else hide_secrets(piece)


_AHEAD = 300
"""Characters looked at behind the room, for a secret that begins before its end."""


def called(obj: object) -> str:
    """Call the `__repr__` of a class that has one; never raises."""
    name = _name(type(obj))
    try:
        text = repr(obj)
    except BaseException as error:
        return f"<{name} object, repr raised {_name(type(error))}>"
    return text


def _name(cls: type) -> str:
    """Name a class without asking its metaclass."""
    return str(type.__dict__["__qualname__"].__get__(cls))


def size_note(obj: object) -> str:
    """Say how many items a container of a built-in type has; else nothing."""
    kinds: dict[Any, str] = {
        str: "characters",
        bytes: "bytes",
        bytearray: "bytes",
        list: "items",
        tuple: "items",
        dict: "items",
        set: "items",
        frozenset: "items",
    }
    for kind, unit in kinds.items():
        if issubclass(type(obj), kind):
            return f"({kind.__len__(obj):,} {unit})"
    return ""


def _fields(obj: Any, method: object) -> list[tuple[str, object]] | None:
    """Give the fields of what shows itself as `Name(field=value)`."""
    cls: Any = type(obj)
    if method is SimpleNamespace.__repr__:
        return list(vars(obj).items())
    if hasattr(cls, "__dataclass_fields__") and hasattr(method, "__wrapped__"):
        shown = (f.name for f in cls.__dataclass_fields__.values() if f.repr)
        return [(name, getattr(obj, name)) for name in shown]
    if issubclass(cls, tuple) and getattr(method, "__module__", "") == "collections":
        return list(zip(cls._fields, tuple.__iter__(obj), strict=True))
    return None


# --- the built-in types, by the function that is their repr ---


def _string(text: _Text, obj: str) -> None:
    length = str.__len__(obj)
    is_cut = length > text.left + _AHEAD
    piece = text.hidden(obj)
    text.add(repr(piece[: text.left + 1]))
    if is_cut:
        raise _FullError


def _bytes(text: _Text, obj: bytes) -> None:
    piece = bytes.__getitem__(obj, slice(text.left + _AHEAD))
    is_cut = bytes.__len__(obj) > len(piece)
    piece = text.hidden(piece.decode("latin-1")).encode("latin-1")
    text.add(repr(piece[: text.left + 1]))
    if is_cut:
        raise _FullError


def _bytearray(text: _Text, obj: bytearray) -> None:
    text.add(repr(bytearray.__getitem__(obj, slice(text.left + 1))))


def _int(text: _Text, obj: int) -> None:
    bits = int.bit_length(obj)
    # Conversion takes the square of the digits, and 3.11 refuses 4,300 of them.
    is_long = bits > 4000 or bits > 4 * text.limit
    text.add(f"<int of {bits:,} bits>" if is_long else int.__repr__(obj))


def _list(text: _Text, obj: list[object]) -> None:
    text.inside(obj, "[", "]", _element(text), list.__iter__(obj))


def _tuple(text: _Text, obj: tuple[object, ...]) -> None:
    end = ",)" if tuple.__len__(obj) == 1 else ")"
    text.inside(obj, "(", end, _element(text), tuple.__iter__(obj))


def _dict(text: _Text, obj: dict[object, object]) -> None:
    text.inside(obj, "{", "}", text.item, dict.items(obj))


def _proxy(text: _Text, obj: MappingProxyType[object, object]) -> None:
    text.inside(obj, "mappingproxy({", "})", text.item, MappingProxyType.items(obj))


def _set(text: _Text, obj: set[object]) -> None:
    begin, end = ("{", "}") if set.__len__(obj) else ("set(", ")")
    if type(obj) is not set:
        begin, end = f"{_name(type(obj))}({{", "})"
    text.inside(obj, begin, end, text.show, set.__iter__(obj))


def _frozenset(text: _Text, obj: frozenset[object]) -> None:
    begin = _name(type(obj)) + "("
    braces = ("{", "}") if frozenset.__len__(obj) else ("", "")
    members = frozenset.__iter__(obj)
    text.inside(obj, begin + braces[0], braces[1] + ")", text.show, members)


def _exception(text: _Text, obj: BaseException) -> None:
    args = BaseException.args.__get__(obj)  # type: ignore[attr-defined]
    text.inside(obj, _name(type(obj)) + "(", ")", text.show, args)


def _cell(text: _Text, obj: CellType) -> None:
    try:
        held: tuple[object, ...] = (obj.cell_contents,)
    except ValueError:
        held = ()
    text.inside(obj, "cell(", ")", text.show, held)


def _view(text: _Text, obj: Iterable[object]) -> None:
    is_items = type(obj) is type({}.items())
    element = _element(text) if is_items else text.show
    text.inside(obj, _name(type(obj)) + "([", "])", element, obj)


def _sequence(text: _Text, obj: Iterable[object]) -> None:
    text.inside(obj, _name(type(obj)) + "([", "])", text.show, obj)


def _mapping(text: _Text, obj: dict[object, object]) -> None:
    begin = _name(type(obj)) + "({"
    text.inside(obj, begin, "})", text.item, dict.items(obj))


def _element(text: _Text) -> Callable[[object], None]:
    """Show an element; of a pair such as an HTTP header the first names the second."""

    def show(each: object) -> None:
        if type(each) is tuple and _hides(each, text.redact):
            text.add("(")
            text.show(each[0])
            text.add(f", {REDACTED})")
        else:
            text.show(each)

    return show


_RENDER: dict[object, Callable[[_Text, Any], None]] = {
    str.__repr__: _string,
    bytes.__repr__: _bytes,
    bytearray.__repr__: _bytearray,
    int.__repr__: _int,
    list.__repr__: _list,
    tuple.__repr__: _tuple,
    dict.__repr__: _dict,
    set.__repr__: _set,
    frozenset.__repr__: _frozenset,
    BaseException.__repr__: _exception,
    MappingProxyType.__repr__: _proxy,
    CellType.__repr__: _cell,
    type({}.keys()).__repr__: _view,
    type({}.values()).__repr__: _view,
    type({}.items()).__repr__: _view,
}
_LATE = {
    ("collections", "deque"): _sequence,
    ("collections", "OrderedDict"): _mapping,
    ("collections", "defaultdict"): _mapping,
    ("array", "array"): _sequence,
}


def _late(method: object) -> Callable[[_Text, Any], None] | None:
    """Find how to show a type of a module that may not be there yet."""
    for (module, name), render in _LATE.items():
        cls = getattr(sys.modules.get(module), name, None)
        if cls is not None and cls.__repr__ is method:
            return render
    return None
