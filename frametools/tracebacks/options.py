"""What is captured of an exception, and how much of it."""

from __future__ import annotations

import os
import sys
import time
from types import ModuleType
from typing import TYPE_CHECKING, Literal, NamedTuple, TypedDict, TypeGuard

from frametools._secrets import is_secret

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

Library = Literal["line", "fold", "full"]
_NARROWEST = 20
_USUAL = 100
"""Columns, if there is no terminal."""


class Choices(TypedDict, total=False):
    """The options that every function here takes, as keywords; see `Options`."""

    head: int | None
    tail: int | None
    limit: int
    names: int
    show_locals: bool
    show_hidden: bool
    library: Library
    suppress: Collection[str | os.PathLike[str] | ModuleType]
    width: int | None
    redact: bool | Callable[[object], bool]
    budget: float
    clock: Callable[[], float]


class Options(NamedTuple):
    """Bounds of one traceback; an unknown name is a TypeError."""

    head: int | None = 10
    """Outermost frames that are kept of a longer traceback; None keeps all frames."""
    tail: int | None = 20
    """Innermost frames that are kept; None keeps all frames."""
    limit: int = 120
    """Characters of a value."""
    names: int = 30
    """Variables of a frame; those named in the line that is shown come first."""
    show_locals: bool = True
    show_hidden: bool = False
    """Show frames whose function sets `__tracebackhide__`, too."""
    library: Library = "line"
    """What is shown of the standard library's frames and of those in `site-packages`
    or `dist-packages`: "line", a line each; "fold", how many; "full", as of others. The
    frame that raised is always shown in full."""
    suppress: Collection[str | os.PathLike[str] | ModuleType] = ()
    """Modules, or paths of files and folders, that are taken for a library too."""
    width: int | None = None
    """Columns of a line of what `raise_from` is given; None: the terminal's, or 100."""
    redact: bool | Callable[[object], bool] = True
    """Whether to hide secrets; or what tells by name that a value is one."""
    budget: float = 0.5
    """Seconds for the `__repr__`s of the program's classes, over the whole traceback.
    When they are used up no more is called; one that runs is not interrupted."""
    clock: Callable[[], float] = time.perf_counter

    @classmethod
    def checked(cls, given: Choices, **own: object) -> Options:
        """Take what a user gave; a TypeError in one sentence.

        `own` are further arguments of the function that was called: they are checked
        as well, and are among those that there are.
        """
        for name, value in (*own.items(), *given.items()):
            if name not in own and name not in cls._fields:
                known = ", ".join((*own, *cls._fields))
                raise TypeError(f"tracebacks: no option {name!r}; there are {known}")
            what, is_right = _WANTED[name]
            if not is_right(value):
                raise TypeError(f"tracebacks: {name} is {what}")
        return cls(**given)

    @property
    def judge(self) -> Callable[[object], bool] | None:
        """What tells that a name's value is not to be shown."""
        if isinstance(self.redact, bool):
            return is_secret if self.redact else None
        return self.redact

    @property
    def most(self) -> int | None:
        """How many frames are kept at most."""
        if self.head is None or self.tail is None:
            return None
        return max(self.head, 0) + max(self.tail, 1)

    @property
    def columns(self) -> int:
        """How wide a line may be; the terminal is that of stderr, if it is one."""
        if self.width is not None:
            return self.width
        stream = sys.__stderr__
        try:
            columns = 0 if stream is None else os.get_terminal_size(stream.fileno())[0]
        except (OSError, ValueError):
            columns = 0
        return max(columns, _NARROWEST) if columns else _USUAL


def _is_duration(value: object) -> bool:
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        return False
    return value >= 0  # which NaN is not


def _is_count(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_flag(value: object) -> bool:
    return isinstance(value, bool)


def _are_places(value: object) -> bool:
    if not isinstance(value, (list, tuple, set, frozenset)):
        return False
    return all(isinstance(each, ModuleType) or _is_path(each) for each in value)


def _is_path(value: object) -> bool:
    """True for paths of text; the empty one would be a beginning of all."""
    if not isinstance(value, (str, os.PathLike)):
        return False
    path: object = os.fspath(value)
    return isinstance(path, str) and path != ""


def _has(*methods: str) -> Callable[[object], bool]:
    """Make what tells if an argument is None, or has these methods."""

    def is_right(value: object) -> bool:
        given = (getattr(value, name, None) for name in methods)
        return value is None or all(map(callable, given))

    return is_right


def _makes_errors(value: object) -> bool:
    if isinstance(value, type):
        return issubclass(value, BaseException)
    return callable(value)


_FRAMES = (
    "a number of frames, or None for all",
    lambda value: value is None or _is_count(value),
)
_WANTED: dict[str, tuple[str, Callable[[object], bool]]] = {
    "head": _FRAMES,
    "tail": _FRAMES,
    "limit": (
        "a number of characters, 1 or more",
        lambda value: _is_count(value) and value != 0,
    ),
    "names": ("a number of variables", _is_count),
    "show_locals": ("True or False", _is_flag),
    "show_hidden": ("True or False", _is_flag),
    "library": (
        '"line", "fold" or "full"',
        lambda value: isinstance(value, str) and value in {"line", "fold", "full"},
    ),
    "suppress": ("a list or set of modules and paths", _are_places),
    "width": (
        f"a number of columns, {_NARROWEST} or more, or None",
        lambda value: value is None or (_is_count(value) and value >= _NARROWEST),
    ),
    "redact": (
        "True, False, or a function that is asked about names",
        lambda value: _is_flag(value) or callable(value),
    ),
    "budget": ("a number of seconds, 0 or more", _is_duration),
    "clock": ("a function", callable),
    "callers": ("True or False", _is_flag),
    "colour": ("True or False", _is_flag),
    "file": ("a text stream, or None", _has("write")),
    "ipython": (
        "the shell that get_ipython() gives, or None",
        _has("set_custom_exc", "showtraceback"),
    ),
    "loop": (
        "an event loop, or None",
        _has("get_exception_handler", "set_exception_handler"),
    ),
    "raise_from": (
        "an exception class or a function that makes an exception of a text, or None",
        lambda value: value is None or _makes_errors(value),
    ),
}
