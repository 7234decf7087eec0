"""Names of attributes that the VM answers for; attributes.py says how.

They are asked for whenever code is decoded, which may be when the interpreter shuts
down and nothing can be imported any more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from frametools.vm.frame import InterpreterFrame as Frame

GETTERS: dict[str, Callable[[Frame, Any], Any]] = {}
"""By name of the attribute: `getter(frame, obj)` returns its value, or NULL."""

SETTERS: dict[str, Callable[[Frame, Any, Any], Any]] = {}
"""By name of the attribute: `setter(frame, obj, value)` returns None, or NULL."""
