"""Secrets that the name of a function tells of, and those that it is asked for.

set_password(x)      the arguments and the result are secrets, as of a setter
                     `password`
get("api_key")       the result is one, as of `a["api_key"]`, `getenv("API_KEY")`
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Any

from frametools._safe_repr.pairs import HIDDEN, hides
from frametools._secrets import words_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    Judge = Callable[[object], bool] | None

_ACCESS = re.compile(r"\A(?:get|set)(?:_|(?=[A-Z]))")
_LOOKUPS = frozenset(
    "ask config env environ fetch find get getattr getattribute getenv getitem load "
    "lookup missing option pop prompt read setdefault setting settings".split()
)
"""Words of the names of functions that are given a name and return what has it."""
_MOST = 30
"""So many of a tuple or dict are looked at: stars are shown so far, and a function
called `load` may be given a million rows."""


def is_of_secret(function: str, judge: Judge) -> bool:
    """Tell if the name of a function tells a secret: its last part, without `set_`."""
    name = function.rpartition(".")[2]
    if judge is None:
        return False
    return bool(judge(name) or judge(_ACCESS.sub("", name)))


def looks_up(function: str, judge: Judge) -> bool:
    """Tell if a function may be asked for a secret by its name."""
    if judge is None:
        return False
    return not _LOOKUPS.isdisjoint(words_of(function.rpartition(".")[2]))


def asks_for_secret(values: Iterable[object], judge: Judge) -> bool:
    """Tell if the arguments of a call, those of stars too, have a secret's name.

    O(arguments): of a tuple or dict, however long, the first few are asked.
    """
    for value in values:
        several: Any = (value,)
        if type(value) is tuple:
            several = value[:_MOST]
        elif type(value) is dict:
            several = list(islice(value.values(), _MOST))
        if any(hides((each, HIDDEN), judge) for each in several):
            return True
    return False
