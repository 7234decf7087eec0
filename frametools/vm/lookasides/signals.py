"""signal.signal and signal.getsignal: handlers are wrapped, and nobody sees it."""

from __future__ import annotations

import _signal  # type: ignore[import-not-found]
from typing import TYPE_CHECKING, Any

from frametools.vm._builtins import len
from frametools.vm.calling import lookaside
from frametools.vm.frame import NULL
from frametools.vm.signals import original, wrapped

if TYPE_CHECKING:
    from frametools.vm.frame import InterpreterFrame

_set, _get = _signal.signal, _signal.getsignal


@lookaside(_signal.signal)
def set_handler(
    frame: InterpreterFrame, args: list[Any], kwargs: dict[str, Any]
) -> Any:
    """Set a handler that runs between two instructions."""
    if kwargs or len(args) != 2:
        return NULL
    return original(_set(args[0], wrapped(args[1], frame.thread.vm)))


@lookaside(_signal.getsignal)
def get_handler(
    _frame: InterpreterFrame, args: list[Any], kwargs: dict[str, Any]
) -> Any:
    """Return the handler that the program has set."""
    if kwargs or len(args) != 1:
        return NULL
    return original(_get(args[0]))
