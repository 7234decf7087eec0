"""Labels for the references of one search: each container is looked through once.

`edges.label` looks for one child. A thousand exceptions in one list are asked for one
by one, and the list has a hundred thousand items.
"""

from __future__ import annotations

from collections import deque
from types import ModuleType
from typing import TYPE_CHECKING, Any

from frametools._safe_repr.classes import class_dict, mro
from frametools.retention.holders.edges import (
    attribute_label,
    attributes_of,
    has_labels_of_its_own,
    items_of,
    key_label,
    label,
    module_dict,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    Pairs = Iterable[tuple[Any, object]]


class Labels:
    """Answers as `edges.label` does. Keeps texts and ids, no object."""

    def __init__(self, parents: Mapping[int, Iterable[int]]) -> None:
        """Label references that a search has found.

        `parents` has the ids of those that refer to each object, by its id; it is read
        when the first label is asked for. What it names must live as long as this.
        """
        self._parents = parents
        self._children: dict[int, set[int]] = {}
        self._known: dict[tuple[int, bool], dict[int, str]] = {}
        """By id of the parent, and whether it is meant as a namespace."""

    def __call__(self, parent: object, child: object) -> str:
        """Return how `parent` refers to `child`."""
        found = self._labels_in(parent, is_namespace=False).get(id(child))
        return label(parent, child) if found is None else found

    def in_namespace(self, names: dict[Any, Any], child: object) -> str:
        """Return how what has its attributes in a dict refers to one of them."""
        found = self._labels_in(names, is_namespace=True).get(id(child))
        return label_in_namespace(names, child) if found is None else found

    def _labels_in(self, parent: object, *, is_namespace: bool) -> dict[int, str]:
        key = id(parent), is_namespace
        if key not in self._known:
            if not self._known:
                self._note_children()
            wanted = self._children.get(id(parent), set())
            self._known[key] = _labels(parent, wanted, is_namespace)
        return self._known[key]

    def _note_children(self) -> None:
        for child, parents in self._parents.items():
            for parent in parents:
                self._children.setdefault(parent, set()).add(child)


def label_in_namespace(names: dict[Any, Any], child: object) -> str:
    """Return how what has its attributes in a dict refers to one of them."""
    for name, value in list(dict.items(names)):
        if value is child:
            return attribute_label(name)
    return label(names, child)


def _labels(parent: object, wanted: set[int], is_namespace: bool) -> dict[int, str]:
    """Label those children that are wanted; none if that are not several."""
    if len(wanted) < 2:
        return {}
    pairs, write = _namespace(parent) if is_namespace else _pairs(parent)
    return {} if pairs is None else _first(pairs, write, wanted)


def _first(
    pairs: Pairs, write: Callable[[Any], str], wanted: set[int]
) -> dict[int, str]:
    """Label each of those wanted by where it comes first."""
    found: dict[int, str] = {}
    try:
        for key, value in pairs:
            number = id(value)
            if number in wanted and number not in found:
                found[number] = write(key)
                if len(found) == len(wanted):
                    break
    except RuntimeError:  # another thread has changed it
        pass
    return found


def _pairs(parent: Any) -> tuple[Pairs | None, Callable[[Any], str]]:
    """Return what a container has, by index, key or name, and how that is written."""
    for kind in mro(type(parent)):
        find = _CONTAINERS.get(id(kind))
        if find is not None:
            return find(parent)
        if has_labels_of_its_own(kind):
            return None, attribute_label
    names = attributes_of(parent)
    return None if names is None else dict.items(names), attribute_label


def _namespace(names: Any) -> tuple[Pairs, Callable[[Any], str]]:
    return dict.items(names), attribute_label


def _sequence(parent: Any) -> tuple[Pairs, Callable[[Any], str]]:
    return enumerate(items_of(parent)), _index_label


def _index_label(index: int) -> str:
    return f"[{index}]"


_CONTAINERS: dict[int, Callable[[Any], tuple[Pairs, Callable[[Any], str]]]] = {
    id(list): _sequence,
    id(tuple): _sequence,
    id(deque): _sequence,
    id(dict): lambda parent: (dict.items(parent), key_label),
    id(type): lambda parent: (class_dict(parent).items(), attribute_label),
    id(ModuleType): lambda parent: (module_dict(parent).items(), attribute_label),
}
"""By id of the type, for it and what is derived from it."""
