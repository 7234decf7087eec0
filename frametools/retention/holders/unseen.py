"""What can be said of holders that Python cannot see: by what they hold.

    exc <- tuple <- ?        the arguments of an atexit callback, before 3.14
    exc <- list <- list_iterator <- ?       a `for` loop on a value stack
    exc <- ?                 C code: a numpy object array, an extension's cache

The count is exact: references to an object, less those that were found.
"""

from __future__ import annotations

import atexit
from types import BuiltinFunctionType, FunctionType, MethodType
from typing import TYPE_CHECKING, Any

from frametools.retention.holders.edges import type_name
from frametools.retention.holders.paths import labels
from frametools.retention.leaks import Holder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from frametools.retention.holders.labelling import Labels

_FUNCTIONS = frozenset(map(id, (FunctionType, MethodType, BuiltinFunctionType)))


def describe_unseen(nodes: Sequence[Any], count: int, label: Labels) -> Holder:
    """Describe what has references from unseen places, and leads to what is held."""
    top = nodes[0]
    path = f"<{type_name(top)}>{labels(nodes, label)}"
    if type_name(top).endswith("_iterator"):
        return Holder(path, "a loop of a running frame, on its value stack", False)
    callback = _atexit_callback(nodes)
    if callback:
        return Holder(path, callback, type(top) is list)
    return Holder(path, f"no holder Python can see: {references(count)} from C", False)


def references(count: int) -> str:
    """Write a number of references."""
    return "1 reference" if count == 1 else f"{count:,} references"


def _atexit_callback(nodes: Sequence[Any]) -> str:
    """Tell if it is, or may be, what atexit was given to call."""
    if not atexit._ncallbacks():
        return ""
    top = nodes[0]
    if type(top) is list and top and all(map(_is_registration, top)):
        return "atexit callback"
    # Each is referred to once, by a struct of C.
    if type(top) is tuple or type(top) is dict:
        return "arguments of an atexit callback"
    return "atexit callback" if id(type(top)) in _FUNCTIONS else ""


def _is_registration(item: object) -> bool:
    """Tell if it is what `atexit.register` of 3.14 keeps: function, args, kwargs."""
    return type(item) is tuple and len(item) == 3 and type(item[1]) is tuple
