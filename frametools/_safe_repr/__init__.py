"""`repr` of what is somebody else's: bounded, redacted, and it never raises.

    safe_repr --> quick     small and plain: `repr` itself does
              --> text      what was built so far, and the room that is left
                  pairs     what in a sequence is a secret: the element before tells it
                  builtin   how each built-in type is shown, by the function of its repr
                  classes   what a class is asked for, without its metaclass

Text is bounded while it is built: of a string of 10 MB or a list of a million elements
only what is shown is looked at. That holds for the built-in types, their subclasses
that do not define a `__repr__`, dataclasses and named tuples; the `__repr__` of another
class is called, whatever it does is caught, and its text is cut.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from frametools._safe_repr.classes import in_class, name_of, size_note
from frametools._safe_repr.quick import quick_repr
from frametools._safe_repr.text import Text, bounded, called
from frametools._secrets import REDACTED, is_secret

if TYPE_CHECKING:
    from collections.abc import Callable

    from frametools._safe_repr.text import Classes

_STR: Any = BaseException.__str__
_OBJECT_STR: Any = object.__str__
_KEY_ERROR_STR: Any = KeyError.__str__

__all__ = [
    "REDACTED",
    "called",
    "is_secret",
    "quick_repr",
    "safe_message",
    "safe_repr",
    "size_note",
]


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

    Values whose key, field or `name` tells a secret are replaced, but for None.
    `redact` is asked about these names; None replaces nothing, passwords in texts
    neither. Raises what is of a class in `let`, as KeyboardInterrupt by a signal, and
    nothing else: not even SystemExit out of a `__repr__`. `call` is what calls such a
    `__repr__`, by default `called` with `let`. 1 us for a small value of built-ins.
    """
    if name and obj is not None and redact is not None and redact(name):
        return REDACTED[:limit]
    try:
        if (quick := quick_repr(obj, limit, redact)) is not None:
            return quick
    except let:
        raise
    except BaseException:  # another thread changes it, or `redact` fails
        pass
    text = Text(limit, redact, call, let)
    return text.of(obj)


def safe_message(exc: BaseException, limit: int = 500) -> str:
    """Give `str(exc)` in at most `limit` characters; never raises."""
    try:
        return _message(exc, limit)
    except BaseException as error:
        return f"<str raised {name_of(type(error))}>"[:limit]


def _message(exc: BaseException, limit: int) -> str:
    method = in_class(type(exc), "__str__")
    args = BaseException.args.__get__(exc)  # type: ignore[attr-defined]
    if method is _KEY_ERROR_STR and len(args) == 1:
        return safe_repr(args[0], limit)
    if method is not _STR or len(args) == 1:
        arg: Any = args[0] if method is _STR else exc
        if in_class(type(arg), "__str__") is _OBJECT_STR:
            return safe_repr(arg, limit)
        message = arg if issubclass(type(arg), str) else str(arg)
        return bounded(message, limit)
    return safe_repr(args, limit) if args else ""
