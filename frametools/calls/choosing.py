"""Which functions of a target are meant by the options, and whether these fit it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from frametools.calls.functions import parameters, short
from frametools.calls.targets import functions_of, is_container

if TYPE_CHECKING:
    from types import FunctionType

    from frametools.calls.options import Options

_SHOWN = 6
"""Names that are told, where none is like the one asked for."""


_WHAT_CAN = "a callable, or a class or module that defines functions in Python, can"


def check_target(target: Any, what: str) -> None:
    """Raise TypeError for what has no calls: an int, say."""
    is_meant = callable(target) or is_container(target)
    if not is_meant and not any(True for _ in functions_of(target)):
        kind = (
            "None" if target is None else f"an object of type {type(target).__name__}"
        )
        raise TypeError(f"{what}: {kind} cannot be logged; {_WHAT_CAN}")


def chosen(target: Any, options: Options) -> list[FunctionType]:
    """Return the functions of a target that are meant.

    Raises TypeError for a class or module that has none, TypeError or ValueError for
    options that do not fit it.
    """
    found = list(functions_of(target))
    if is_container(target) and not found:
        kind = "class" if isinstance(target, type) else "module"
        it = f"{kind} {_name(target)} defines no function in Python"
        raise TypeError(f"log_calls: {it}; {_WHAT_CAN} be logged")
    if options.chooses:
        if not is_container(target):
            raise TypeError("log_calls: include and exclude are for classes, modules")
        known, found = found, [each for each in found if is_wanted(each, options)]
        if not found and options.include is not None:
            raise ValueError(_includes_none(target, options.include, known))
    _check_names(target, found, options)
    return found


def is_wanted(function: FunctionType, options: Options) -> bool:
    """Tell if a function of a class or module is meant, by the name that lines have."""
    return options.wants(short(function.__qualname__))


def _includes_none(
    target: Any, patterns: tuple[str, ...], known: list[FunctionType]
) -> str:
    """Say that no function fits, and what the names are that patterns are for."""
    if not patterns:
        return f"log_calls: include is empty: no function of {_name(target)} is meant"
    names = sorted({short(function.__qualname__) for function in known})
    ends = [name for name in names if name.rpartition(".")[2] in patterns]
    instead = f"; did you mean {ends[0]!r}?" if ends else _instead(patterns[0], names)
    shown = ", ".join(map(repr, patterns))
    return (
        f"log_calls: no function of {_name(target)} fits include={shown}, "
        f"which is for whole names, as fnmatch has patterns{instead}"
    )


def _check_names(target: Any, found: list[FunctionType], options: Options) -> None:
    """Raise ValueError for a name in `args` that no function has as a parameter."""
    if isinstance(options.args, bool) or not found:
        return
    known: dict[str, None] = {}
    for function in found:
        positional, keywords, rest, more = parameters(function.__code__)
        if more:
            return  # it takes any name
        known |= dict.fromkeys([*positional, *keywords, *filter(None, [rest])])
    for name in sorted(options.args.difference(known)):
        raise ValueError(
            f"log_calls: {_name(target)} has no parameter {name!r}"
            f"{_instead(name, list(known))}"
        )


def _instead(name: str, known: list[str]) -> str:
    """Say which of the names that are known is most like one that is not."""
    from difflib import get_close_matches

    if not known:
        return ", nor any other"
    if close := get_close_matches(name, known, 1):
        return f"; did you mean {close[0]!r}?"
    more = ", …" if len(known) > _SHOWN else ""
    return f"; it has {', '.join(map(repr, known[:_SHOWN]))}{more}"


def _name(target: Any) -> str:
    """Name a target: a function, a class, a module, or what only has functions."""
    for owner in (target, *functions_of(target)):
        name = getattr(owner, "__qualname__", None) or getattr(owner, "__name__", None)
        if isinstance(name, str):
            return short(name)
    return f"a {type(target).__name__}"
