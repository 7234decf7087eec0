"""Chooses between the C core and its Python twin; the only place that does.

The C core is there when the extension was built and this is the main
interpreter. `FRAMETOOLS_PURE=1` takes the Python twin all the same.
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from frametools.monitor._core import (
        Recorder,
        TreeBuilder,
        dispatch,
        exit_status,
        guard,
        run_alone,
    )

__all__ = ["NAME", "Recorder", "TreeBuilder", "dispatch", "exit_status", "guard"]
__all__ += ["run_alone"]


def _core_is_wanted() -> bool:
    return os.environ.get("FRAMETOOLS_PURE", "") in ("", "0")


def _run_plainly(what: Any, /, *args: Any) -> object:
    """Run code in globals, or call a function; our own frames stay visible below."""
    if callable(what):
        return what(*args)
    exec(what, *args)
    return None


def _no_exit_status(status: int, /) -> None:
    """Do nothing: from Python the status cannot be changed that late."""


def _no_guard(
    function: Callable[..., object], _lets_errors: bool = False, /
) -> Callable[..., object]:
    """Return the function: from Python no room can be lent."""
    return function


def _dispatch(table: dict[int, Any], /) -> Callable[..., object]:
    """Return a callback that calls the function of a code object, if there is one.

    The frame whose event it is is one further away than from the C core's.
    """
    get = table.get

    def call(code: object, *arguments: object) -> None:
        function = get(id(code))
        if function is not None:
            function(code, *arguments)

    return call


NAME = "python"
if _core_is_wanted():
    try:
        from frametools.monitor import _core

        NAME = "c"
    except ImportError:
        pass

if not TYPE_CHECKING:
    if NAME == "c":
        Recorder, TreeBuilder = _core.Recorder, _core.TreeBuilder
        run_alone, exit_status = _core.run_alone, _core.exit_status
        guard, dispatch = _core.guard, _core.dispatch
    else:
        from frametools.monitor.recorder import Recorder
        from frametools.monitor.treebuilder import TreeBuilder

        run_alone, exit_status = _run_plainly, _no_exit_status
        guard, dispatch = _no_guard, _dispatch
