"""From the objects on a way to a holder, its path and kind in Python's words.

dict of module app, Pool, dict, list, RuntimeError  =>  app.pool.errors[0],
                                                        instance attribute of app.Pool
"""

from __future__ import annotations

from _thread import _local
from typing import TYPE_CHECKING, Any

from frametools._safe_repr.classes import mro
from frametools.retention.holders.edges import (
    attributes_of,
    is_class,
    is_module,
    module_dict,
    type_name,
)
from frametools.retention.holders.kinds import kind_of_way
from frametools.retention.holders.roots import CONTEXT, MODULE, Root, context_variable
from frametools.retention.leaks import Holder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from frametools.retention.holders.labelling import Labels

_LAST = ("last_exc", "last_value", "last_traceback")


def describe_path(nodes: Sequence[Any], root: Root, label: Labels) -> Holder:
    """Describe a way: `nodes` begin with the root's own, and end with what is held."""
    kind = kind_of_way(nodes, label) or _root_kind(nodes, root, label)
    if root.rank == CONTEXT:
        name = context_variable(nodes[0], nodes[1:])
        if name is not None:
            rest = _behind_context(nodes)
            return Holder(f"ContextVar {name!r}{labels(rest, label)}", kind)
    fixed = _first_fixed(nodes)
    deletable = root.name + labels(nodes[: fixed + 1], label) if fixed else ""
    return Holder(root.name + labels(nodes, label) + root.suffix, kind, True, deletable)


def _first_fixed(nodes: Sequence[Any]) -> int:
    """Return the index of the first node that cannot lose an item; 0 if none."""
    for index, node in enumerate(nodes[:-1]):
        if any(kind is tuple or kind is frozenset for kind in mro(type(node))):
            return index
    return 0


def _root_kind(nodes: Sequence[Any], root: Root, label: Labels) -> str:
    """Say what a reference from a root itself, or from plain containers there, is."""
    if root.rank != MODULE or len(nodes) < 2:
        return root.kind
    if is_module(nodes[0]) and module_dict(nodes[0]) is not nodes[1]:
        return f"C state of module {root.name}"
    name = labels(nodes[:2], label)[1:] if root.name == "sys" else ""
    return f"sys.{name}" if name in _LAST else root.kind


def _behind_context(nodes: Sequence[Any]) -> Sequence[Any]:
    """Leave out the context and the nodes of its HAMT."""
    index = 1
    while index < len(nodes) - 1 and type_name(nodes[index]).startswith("hamt"):
        index += 1
    return nodes[index:]


def labels(nodes: Sequence[Any], label: Labels) -> str:
    """Write the references from each node to the next."""
    text, index = "", 0
    while index < len(nodes) - 1:
        step = _step(nodes, index, label)
        text += step[0]
        index += step[1]
    return text


def _step(nodes: Sequence[Any], index: int, label: Labels) -> tuple[str, int]:
    """Write one reference in Python's words; returns how many nodes it goes on."""
    parent, child = nodes[index], nodes[index + 1]
    behind = nodes[index + 2] if index + 2 < len(nodes) else None
    if type(parent) is dict and index == 0:
        return label.in_namespace(parent, child), 1
    if behind is not None and type(child) is dict:
        if _is_namespace(parent, child):
            return label.in_namespace(child, behind), 2
        if _is_thread_local(parent) and type(behind) is dict and index + 3 < len(nodes):
            return label.in_namespace(behind, nodes[index + 3]), 3
    return label(parent, child), 1


def _is_namespace(parent: Any, names: dict[Any, Any]) -> bool:
    """Tell if a dict has the attributes of an instance or a class."""
    if is_module(parent):
        return module_dict(parent) is names
    if is_class(parent):
        return dict.__contains__(names, "__module__")
    return attributes_of(parent) is names


def _is_thread_local(obj: object) -> bool:
    return any(base is _local for base in mro(type(obj)))
