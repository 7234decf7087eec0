"""What Python says of an exception apart from its frames: type, message, notes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from frametools._safe_repr import safe_message, safe_repr
from frametools._secrets import hide_secrets

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

_LIMIT = 10_000
"""Characters of a message or a note."""
_MOST_NOTES = 50


class Note(str):
    """A note of ours; it is pickled as a plain str."""

    __slots__ = ()

    def __reduce__(self) -> tuple[type[str], tuple[str]]:
        return str, (str.__str__(self),)


def type_name(cls: type) -> str:
    """Name an exception's class as Python does: with its module, unless it is usual."""
    module = type.__dict__["__dict__"].__get__(cls).get("__module__")
    name = str(type.__dict__["__qualname__"].__get__(cls))
    if type(module) is not str or module in {"builtins", "__main__"}:
        return name
    return f"{module}.{name}"


def message(exc: BaseException, traceback: TracebackType | None) -> str:
    """Give the message, redacted, with Python's suggestion, "Did you mean ...?"."""
    kind = type(exc)
    if issubclass(kind, SyntaxError) and kind.__module__ == "builtins":
        return safe_repr_of_text(getattr(exc, "msg", None))
    text = hide_secrets(safe_message(exc, _LIMIT))
    if any(kind is each for each in _SUGGESTING):
        try:
            return text + _suggestion(exc, traceback)
        except Exception:
            return text
    return text


def safe_repr_of_text(value: object) -> str:
    """Give a text as it is, anything else by its repr."""
    if type(value) is str:
        return hide_secrets(value[:_LIMIT])
    return "<no detail available>" if value is None else safe_repr(value, _LIMIT)


_SUGGESTING: tuple[type, ...] = (
    NameError,
    UnboundLocalError,
    AttributeError,
    ImportError,
    ModuleNotFoundError,
)


def _suggestion(exc: BaseException, traceback: TracebackType | None) -> str:
    """Ask `traceback` for what it would add to the message: none before 3.12.

    It reads the names of the innermost frame only, and may call a `__dir__`, as
    Python's own traceback does. What is chained to the exception it does not follow.
    """
    from traceback import TracebackException

    while traceback is not None and traceback.tb_next is not None:
        traceback = traceback.tb_next
    chained = (exc.__cause__, exc.__context__)
    seen: Any = {id(each) for each in chained if each is not None}
    found: Any = TracebackException(
        type(exc), exc, traceback, limit=0, lookup_lines=False, _seen=seen
    )
    if traceback is not None:
        from frametools._frame_values import variables

        variables(traceback.tb_frame)  # on 3.12 it has left a snapshot there
    text = str(found)
    begin = safe_message(exc, _LIMIT)
    return text.removeprefix(begin) if text.startswith(begin) else ""


def notes(exc: BaseException) -> Iterator[str]:
    """Yield the notes, without ours: they say what the frames say."""
    try:
        found: Any = object.__getattribute__(exc, "__notes__")
    except BaseException:
        return
    if type(found) is not list and type(found) is not tuple:
        yield safe_repr(found)
        return
    for note in found[:_MOST_NOTES]:
        if type(note) is Note:
            continue
        is_text = issubclass(type(note), str)
        text = str.__getitem__(note, slice(_LIMIT)) if is_text else safe_repr(note)
        clean = text.encode("utf-8", "backslashreplace").decode()
        yield hide_secrets(clean)


def syntax(exc: BaseException) -> Iterator[str]:
    """Yield what Python shows of a SyntaxError: file, line, text and carets."""
    if not issubclass(type(exc), SyntaxError):
        return
    try:
        from traceback import TracebackException

        chained = (exc.__cause__, exc.__context__)
        seen: Any = {id(each) for each in chained if each is not None}
        found: Any = TracebackException(type(exc), exc, None, _seen=seen)
        found.__notes__ = found.exceptions = None  # not set for what is chained
        *lines, _ = "".join(found.format_exception_only()).splitlines()
    except Exception:
        return
    for line in lines[:8]:
        yield hide_secrets(line[:500]).encode("utf-8", "backslashreplace").decode()
