"""What the public functions are given: refused in one sentence if it is wrong.

An object that is refused is named by its type: its `repr` is code of the program.
"""

from __future__ import annotations

from typing import Any

from frametools._safe_repr.classes import mro
from frametools.retention.holders.edges import type_name


class Seconds(float):
    """A budget in time, for all sizes of a look: the command has it."""


def check_is(given: object, kind: type, wanted: str) -> None:
    """Raise TypeError unless something is of a class; `wanted` says what is."""
    if not any(base is kind for base in mro(type(given))):
        raise TypeError(f"{wanted}, not {type_name(given)}")


def check_cycles(cycles: object) -> None:
    """Raise TypeError for what is no truth value."""
    check_is(cycles, bool, "cycles is True or False")


def check_threads(threads: Any) -> None:
    """Raise ValueError for what is none of the two words."""
    if type(threads) is not str or threads not in ("current", "all"):
        shown = repr(threads) if type(threads) is str else type_name(threads)
        raise ValueError(f'threads is "current" or "all", not {shown}')


def check_callable(given: object, wanted: str) -> None:
    """Raise TypeError for what cannot be called; `wanted` says what is."""
    if not callable(given):
        raise TypeError(f"{wanted}, not {type_name(given)}")


def check_ignore(ignore: object) -> None:
    """Raise TypeError for what cannot be called; None ignores nothing."""
    if ignore is not None:
        wanted = "ignore is a function that is asked about each frame and generator"
        check_callable(ignore, wanted)


def check_budget(budget: Any) -> None:
    """Raise TypeError or ValueError for what is no number of objects, nor None."""
    if budget is None or type(budget) is Seconds:
        return
    if type(budget) is not int:
        wanted = "budget is a number of objects, or None for no bound"
        raise TypeError(f"{wanted}, not {type_name(budget)}")
    if budget < 0:
        raise ValueError(f"budget is 0 objects or more, not {budget}")
