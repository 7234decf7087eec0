"""What Python says of an exception apart from its frames: type, message, notes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from frametools._safe_repr import safe_message, safe_repr
from frametools._safe_repr.classes import MISSING, name_of, of_class
from frametools._secrets import hide_secrets
from frametools.tracebacks.fields import args_of, attributes, module_of
from frametools.tracebacks.suggestions import suggestion

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

    Stand = tuple[int, int]
    """A frame's id and an offset in its code, in bytes."""
    Left = tuple[int, int, int]
    """The same of a block's frame, and how long the traceback was."""

_LIMIT = 10_000
"""Characters of a message or a note."""
_MOST_NOTES = 50


class Note(str):
    """A text of ours that shows variables; it is pickled as a plain str."""

    __slots__ = ("callers", "is_inner", "left", "shown")

    shown: frozenset[Stand]
    """The frames that the exception had left then."""
    callers: frozenset[Stand]
    """Those that called them."""
    left: Left | None
    """The block that the exception left then."""
    is_inner: bool
    """It tells of one call of a recursion; the outermost one will tell of all."""

    def __reduce__(self) -> tuple[type[str], tuple[str]]:
        return str, (str.__str__(self),)


class Told(Note):
    """A message that shows the variables of what the error comes from."""

    __slots__ = ("short",)

    short: str
    """The first part of it."""


def told(exc: BaseException) -> Told | None:
    """Give the message, if `raise_from` has made the exception of one of ours."""
    args: tuple[Any, ...] = args_of(exc)
    return args[0] if len(args) == 1 and type(args[0]) is Told else None


def type_name(cls: type) -> str:
    """Name an exception's class as Python does: with its module, unless it is usual."""
    module = module_of(cls)
    name = name_of(cls)
    if type(module) is not str or module in {"builtins", "__main__"}:
        return name
    return f"{module}.{name}"


_STR: Any = BaseException.__dict__["__str__"]


def message(exc: BaseException, traceback: TracebackType | None) -> str:
    """Give the message, redacted, with Python's suggestion, "Did you mean ...?"."""
    kind = type(exc)
    if any(kind is each for each in _OF_SYNTAX):
        return safe_repr_of_text(getattr(exc, "msg", None))
    ours = told(exc)
    if ours is not None and of_class(kind, "__str__") is _STR:
        return ours.short  # the frames of the cause are shown with the cause
    text = hide_secrets(safe_message(exc, _LIMIT))
    return text + suggestion(exc, traceback, _LIMIT)


def safe_repr_of_text(value: object) -> str:
    """Give a text as it is, anything else by its repr."""
    if type(value) is str:
        return hide_secrets(value[:_LIMIT])
    return "<no detail available>" if value is None else safe_repr(value, _LIMIT)


_OF_SYNTAX: tuple[type, ...] = (SyntaxError, IndentationError, TabError)


def notes(exc: BaseException) -> Iterator[str]:
    """Yield the notes, without ours: they say what the frames say."""
    found = attributes(exc).get("__notes__", MISSING)
    if found is MISSING:
        found = of_class(type(exc), "__notes__")
        if found is MISSING or of_class(type(found), "__get__") is not MISSING:
            return
    if type(found) is not list and type(found) is not tuple:
        yield safe_repr(found)
        return
    for note in found[:_MOST_NOTES]:
        if issubclass(type(note), Note):
            continue
        is_text = issubclass(type(note), str)
        text = str.__getitem__(note, slice(_LIMIT)) if is_text else safe_repr(note)
        clean = text.encode("utf-8", "backslashreplace").decode()
        yield hide_secrets(clean)


_SYNTAX_FIELDS: Any = [
    SyntaxError.__dict__[name].__get__
    for name in "filename lineno offset text end_lineno end_offset".split()
]


def syntax(exc: BaseException) -> Iterator[str]:
    """Yield what Python shows of a SyntaxError: file, line, text and carets."""
    if not issubclass(type(exc), SyntaxError):
        return
    try:
        from traceback import TracebackException

        plain = SyntaxError("", tuple(get(exc) for get in _SYNTAX_FIELDS))
        found = TracebackException(SyntaxError, plain, None)
        *lines, _ = "".join(found.format_exception_only()).splitlines()
    except BaseException:  # of what the program has put there
        return
    for line in lines[:8]:
        yield hide_secrets(line[:500]).encode("utf-8", "backslashreplace").decode()
