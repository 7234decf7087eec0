"""The short way: what is small, plain and shows no secret, `repr` itself shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from frametools._safe_repr.pairs import hides

if TYPE_CHECKING:
    from frametools._safe_repr.pairs import Judge

_BIG = 10**30
_SMALL = -_BIG


def quick_repr(obj: Any, limit: int, redact: Judge) -> str | None:
    """Give the repr of what is small, plain and shows no secret; else None.

    0.2 us for an int or a word. A RuntimeError where another thread changes a dict
    meanwhile.
    """
    kind = type(obj)
    if kind is int:
        is_plain = _SMALL < obj < _BIG
    elif kind is str:
        is_plain = (  # `_is_harmless`, without the call
            len(obj) <= limit
            and obj.isascii()
            and "=" not in obj
            and ":" not in obj
            and "--" not in obj
            and "earer " not in obj
            and "asic " not in obj
        )
    elif kind is list or kind is tuple:
        is_plain = _room_after_items(obj, limit, redact, 2) >= 0
    elif kind is dict:
        is_plain = _room_after_dict(obj, limit, redact, 2) >= 0
    else:
        is_plain = obj is None or kind is bool or kind is float
    if not is_plain:
        return None
    text = repr(obj)
    return text if len(text) <= limit else None


def _is_harmless(text: str) -> bool:
    """Tell if a string of its exact type shows no secret, and every output takes it."""
    if not text.isascii() or "=" in text or ":" in text or "--" in text:
        return False
    return "earer " not in text and "asic " not in text


def _room_after(obj: Any, room: int, redact: Judge, depth: int) -> int:
    """Say how much room is left, at most, behind the repr of an object.

    Negative if there is none, or `repr` would not do: it runs code, shows a secret.
    """
    kind = type(obj)
    if kind is int:
        return room - 1 if _SMALL < obj < _BIG else -1
    if kind is str:
        room -= len(obj)
        return room if room >= 0 and _is_harmless(obj) else -1
    if obj is None or kind is bool or kind is float:
        return room - 3
    if not depth:
        return -1
    if kind is list or kind is tuple:
        return _room_after_items(obj, room, redact, depth - 1)
    return _room_after_dict(obj, room, redact, depth - 1) if kind is dict else -1


def _room_after_items(
    items: list[Any] | tuple[Any, ...], room: int, redact: Judge, depth: int
) -> int:
    if len(items) * 3 > room:
        return -1
    if len(items) == 2 and hides(tuple(items), redact):  # a copy: lists change
        return -1
    for each in items:
        kind = type(each)
        if kind is int and _SMALL < each < _BIG:
            room -= 3
        elif (
            kind is str and len(each) < room and each.isidentifier() and each.isascii()
        ):
            room -= len(each) + 2  # a word, the commonest text, is harmless
        elif kind is str and each[:1] == "-":
            return -1  # an option, perhaps: what follows may be a secret
        else:
            room = _room_after(each, room - 2, redact, depth)
        if room < 0:
            return -1
    return room


def _room_after_dict(
    items: dict[Any, Any], room: int, redact: Judge, depth: int
) -> int:
    for key, value in items.items():
        if value is not None and redact is not None and redact(key):
            return -1
        if (
            type(key) is str
            and len(key) < room
            and key.isidentifier()
            and key.isascii()
        ):
            room -= len(key) + 4
        else:
            room = _room_after(key, room - 4, redact, 0)
        kind = type(value)
        if kind is int and _SMALL < value < _BIG:
            room -= 1
        elif (
            kind is str
            and len(value) < room
            and value.isidentifier()
            and value.isascii()
        ):
            room -= len(value)
        elif (kind is list or kind is tuple) and depth:
            room = _room_after_items(value, room, redact, depth - 1)  # one call less
        elif room >= 0:
            room = _room_after(value, room, redact, depth)
        if room < 0:
            return -1
    return room
