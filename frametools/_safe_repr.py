"""`repr` of what is somebody else's: bounded, redacted, and it never raises.

Text is bounded while it is built: of a string of 10 MB or a list of a million elements
only what is shown is looked at. That holds for the built-in types, their subclasses
that do not define a `__repr__`, dataclasses and named tuples; the `__repr__` of another
class is called, whatever it does is caught, and its text is cut.
"""

from __future__ import annotations

import re
import sys
from itertools import islice
from types import CellType, MappingProxyType, SimpleNamespace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

REDACTED = "<redacted>"

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_WORDS = frozenset(
    "auth authorization cookie credential passphrase passwd password pwd secret "
    "session token".split()
)
_PAIRS = ("apikey", "accesskey", "authkey", "privatekey", "secretkey", "signingkey")
_ENDS = ("token", "password", "passwd", "secret", "cookie")
_STARTS = ("password", "session", "credential", "authorization", "sessid")

_STR: Any = BaseException.__str__
_OBJECT_STR: Any = object.__str__
_KEY_ERROR_STR: Any = KeyError.__str__

_DEPTH = 6
"""Deeper containers are shown as `...`."""


class _FullError(Exception):
    """There is no room left; what was built so far is shown."""


def safe_repr(obj: object, limit: int = 200, *, name: str = "") -> str:
    """Give the repr of an object in at most `limit` characters.

    Values whose key, field or `name` tells a secret are replaced. Never raises: not
    even SystemExit out of a `__repr__` goes through.
    """
    if is_secret(name):
        return REDACTED[:limit]
    text = _Text(limit)
    try:
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


def _bounded(string: str, limit: int) -> str:
    """Cut a string, of whatever subclass, to one that every output takes."""
    text = _Text(limit)
    try:
        text.add(string)
    except _FullError:
        return text.cut("")
    return text.whole()


def is_secret(name: object) -> bool:
    """Tell if a key, field or variable of this name should not be shown.

    Words count, however they are joined: `API_KEY`, `dbPassword`, `X-Auth-Token`,
    `csrftoken`; not `tokenizer` or `author`. Runs no code of `name`'s class.
    """
    if type(name) is bytes:
        name = name[:200].decode("latin-1")
    if type(name) is not str:
        return False
    words = [word.lower() for word in _WORD.findall(name[:200])]
    if any(pair in "".join(words) for pair in _PAIRS):
        return True
    return any(
        word.removesuffix("s") in _WORDS
        or word.removesuffix("s").endswith(_ENDS)
        or word.startswith(_STARTS)
        for word in words
    )


class _Text:
    """What was built so far, and the room that is left."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
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
            self.add(_called(obj))
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
        if is_secret(key):
            self.add(REDACTED)
        else:
            self.show(value)


def _called(obj: object) -> str:
    """Call the `__repr__` of a class that has one."""
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
    text.add(repr(str.__getitem__(obj, slice(text.left + 1))))


def _bytes(text: _Text, obj: bytes) -> None:
    text.add(repr(bytes.__getitem__(obj, slice(text.left + 1))))


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
        if type(each) is tuple and len(each) == 2 and is_secret(each[0]):
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
