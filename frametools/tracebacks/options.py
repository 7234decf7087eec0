"""What is captured of an exception, and how much of it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, NamedTuple, TypedDict

from frametools._secrets import is_secret

if TYPE_CHECKING:
    from collections.abc import Callable


class Choices(TypedDict, total=False):
    """The options that every function here takes, as keywords; see `Options`."""

    head: int | None
    tail: int | None
    limit: int
    names: int
    show_locals: bool
    show_hidden: bool
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
    redact: bool | Callable[[object], bool] = True
    """Whether to hide secrets; or what tells by name that a value is one."""
    budget: float = 0.5
    """Seconds for the `__repr__`s of the program's classes, over the whole traceback.
    When they are used up no more is called; one that runs is not interrupted."""
    clock: Callable[[], float] = time.perf_counter

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
