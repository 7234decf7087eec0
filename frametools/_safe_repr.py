"""`repr` of what is somebody else's: bounded, redacted, and it never raises.

Text is bounded while it is built: of a string of 10 MB or a list of a million elements
only what is shown is looked at. That holds for the built-in types, their subclasses
that do not define a `__repr__`, dataclasses and named tuples; the `__repr__` of another
class is called, whatever it does is caught, and its text is cut.
"""

from __future__ import annotations

import sys
from itertools import islice
from types import CellType, FunctionType, MappingProxyType, SimpleNamespace
from typing import TYPE_CHECKING, Any

from frametools._secrets import REDACTED, hide_secrets, is_secret

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Classes = type[BaseException] | tuple[type[BaseException], ...]

_SLOT = type(object.__repr__)
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
    let: Classes = (),
) -> str:
    """Give the repr of an object in at most `limit` characters.

    Values whose key, field or `name` tells a secret are replaced; `redact` is asked
    about these names, None replaces nothing, passwords in texts neither. Raises what is
    of a class in `let`, as KeyboardInterrupt by a signal, and nothing else: not even
    SystemExit out of a `__repr__`. `call` is what calls such a `__repr__`, by default
    `called` with `let`. 1 us for a small value of built-in types.
    """
    if redact is not None and name and redact(name):
        return REDACTED[:limit]
    try:
        if (quick := quick_repr(obj, limit, redact)) is not None:
            return quick
    except let:
        raise
    except BaseException:  # another thread changes it, or `redact` fails
        pass
    text = _Text(limit, redact, call, let)
    try:
        text.show(obj)
    except _FullError:
        return text.cut(size_note(obj))
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
        let: Classes = (),
    ) -> None:
        self.limit = limit
        self.redact = redact
        self.call = call
        self.let = let
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
        """Append the repr of an object, or in its place what it raised."""
        before = len(self.parts), len(self.around), self.left
        try:
            method = type(obj).__repr__
            is_slot = type(method) is _SLOT  # else `hash` of it may be anything
            render = (_RENDER.get(method) or _late(method)) if is_slot else None
            if render is not None:
                render(self, obj)
            else:
                self.show_other(obj, method)
        except _FullError:
            raise
        except self.let:
            raise
        except BaseException as error:
            del self.parts[before[0] :], self.around[before[1] :]
            self.left = before[2]
            self.add(_raised(obj, error))

    def show_other(self, obj: object, method: object) -> None:
        """Append the fields of an object, or what its `__repr__` gives."""
        fields = _fields(obj, method)
        if fields is None:
            result = self.call(obj) if self.call else called(obj, self.let)
            self.add(self.hidden(result))
        else:
            name = "namespace" if type(obj) is SimpleNamespace else _name(type(obj))
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
        elif value is _NOT_SET:
            self.add("<not set>")
        else:
            self.show(value)

    def element(self, each: object) -> None:
        """Append an element; of a pair such as a header the first names the second."""
        if type(each) is tuple and _hides(each, self.redact):
            self.add("(")
            self.show(each[0])
            self.add(f", {REDACTED})")
        else:
            self.show(each)

    def hidden(self, text: str) -> str:
        """Cut a text to what may be shown, without the secrets that it names."""
        piece = str.__getitem__(text, slice(self.left + _AHEAD))
        return piece if self.redact is None else hide_secrets(piece)


_AHEAD = 300
"""Characters looked at behind the room, for a secret that begins before its end."""


def called(obj: object, let: Classes = ()) -> str:
    """Call the `__repr__` of a class that has one; raises nothing but `let`."""
    try:
        return repr(obj)
    except let:
        raise
    except BaseException as error:
        return _raised(obj, error)


def _raised(obj: object, error: BaseException) -> str:
    return f"<{_name(type(obj))} object, repr raised {_name(type(error))}>"


def _name(cls: type) -> str:
    """Name a class without asking its metaclass."""
    return str(type.__dict__["__qualname__"].__get__(cls))


_UNITS: dict[Any, str] = dict.fromkeys((list, tuple, dict, set, frozenset), "items")
_UNITS |= {str: "characters", bytes: "bytes", bytearray: "bytes"}


def size_note(obj: object) -> str:
    """Say how many items a container of a built-in type has; else nothing."""
    for kind, unit in _UNITS.items():
        if issubclass(type(obj), kind):
            return f"({kind.__len__(obj):,} {unit})"
    return ""


_NOT_SET = object()
"""The value of a field that the object does not have (yet)."""


def _fields(obj: Any, method: object) -> list[tuple[str, object]] | None:
    """Give the fields of what shows itself as `Name(field=value)`.

    Of dataclasses and named tuples only with the `__repr__` that was made for them:
    one of their own that is wrapped (`functools.wraps`) may hide some.
    """
    if method is SimpleNamespace.__repr__:
        return list(vars(obj).items())
    if type(method) is not FunctionType:
        return None
    if method.__code__.co_qualname == "namedtuple.<locals>.__repr__":
        return list(zip(type(obj)._fields, tuple.__iter__(obj), strict=True))
    made = getattr(method, "__wrapped__", None)
    if type(made) is not FunctionType or made.__code__.co_qualname != _MADE:
        return None
    names = made.__code__.co_names  # __class__, __qualname__, the fields it shows
    return [(name, getattr(obj, name, _NOT_SET)) for name in names[2:]]


_MADE = "__create_fn__.<locals>.__repr__"
"""What `dataclasses` makes and `recursive_repr` wraps, 3.11 to 3.13."""


# --- the built-in types, by the function that is their repr ---


def _string(text: _Text, obj: str) -> None:
    is_cut = str.__len__(obj) > text.left + _AHEAD
    piece = text.hidden(obj)
    text.add(repr(piece[: text.left + 1]))
    if is_cut:
        raise _FullError


def _bytes(text: _Text, obj: bytes | bytearray) -> None:
    kind: Any = bytearray if issubclass(type(obj), bytearray) else bytes
    piece = kind.__getitem__(obj, slice(text.left + _AHEAD))
    is_cut = kind.__len__(obj) > len(piece)
    piece = text.hidden(piece.decode("latin-1")).encode("latin-1")
    text.add(repr(kind(piece[: text.left + 1])))
    if is_cut:
        raise _FullError


def _int(text: _Text, obj: int) -> None:
    bits = int.bit_length(obj)
    # Conversion takes the square of the digits, and 3.11 refuses 4,300 of them.
    is_long = bits > 4000 or bits > 4 * text.limit
    text.add(f"<int of {bits:,} bits>" if is_long else int.__repr__(obj))


def _list(text: _Text, obj: list[object]) -> None:
    text.inside(obj, "[", "]", text.element, list.__iter__(obj))


def _tuple(text: _Text, obj: tuple[object, ...]) -> None:
    end = ",)" if tuple.__len__(obj) == 1 else ")"
    text.inside(obj, "(", end, text.element, tuple.__iter__(obj))


def _dict(text: _Text, obj: dict[object, object]) -> None:
    text.inside(obj, "{", "}", text.item, dict.items(obj))


def _set(text: _Text, obj: set[object] | frozenset[object]) -> None:
    kind: Any = frozenset if issubclass(type(obj), frozenset) else set
    begin, end = ("{", "}") if kind.__len__(obj) else ("", "")
    if type(obj) is not set or not begin:
        begin, end = f"{_name(type(obj))}({begin}", f"{end})"
    text.inside(obj, begin, end, text.element, kind.__iter__(obj))


def _exception(text: _Text, obj: BaseException) -> None:
    args = BaseException.args.__get__(obj)  # type: ignore[attr-defined]
    text.inside(obj, _name(type(obj)) + "(", ")", text.element, args)


def _cell(text: _Text, obj: CellType) -> None:
    try:
        held: tuple[object, ...] = (obj.cell_contents,)
    except ValueError:
        held = ()
    text.inside(obj, "cell(", ")", text.element, held)


def _sequence(text: _Text, obj: Iterable[object]) -> None:
    text.inside(obj, _name(type(obj)) + "([", "])", text.element, obj)


def _mapping(text: _Text, obj: object) -> None:
    kind: Any = MappingProxyType if type(obj) is MappingProxyType else dict
    begin = _name(type(obj)) + "({"
    text.inside(obj, begin, "})", text.item, kind.items(obj))


_RENDER: dict[object, Callable[[_Text, Any], None]] = {
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
    MappingProxyType.__repr__: _mapping,
    CellType.__repr__: _cell,
    type({}.keys()).__repr__: _sequence,
    type({}.values()).__repr__: _sequence,
    type({}.items()).__repr__: _sequence,
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
