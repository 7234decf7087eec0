"""Labels of many references at once are those of each alone."""

from __future__ import annotations

import gc
import re
from collections import OrderedDict, deque
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from frametools import retention
from frametools.retention.holders import edges, labelling
from frametools.retention.holders.labelling import Labels, label_in_namespace


class Named(str):
    """A name that is no plain text; to write it would run this."""

    __slots__ = ()

    def __format__(self, spec: str, /) -> str:
        raise AssertionError(spec)

    __str__ = __repr__ = __format__  # type: ignore[assignment]


class Listed(list[Any]):
    """Has items and attributes."""


def listed(items: list[Any]) -> Listed:
    """Return a list, of which the last item is an attribute."""
    made = Listed(items[:-1])
    made.last = items[-1]  # type: ignore[attr-defined]
    return made


def module(items: list[Any]) -> ModuleType:
    """Return a module with globals, one under an odd name."""
    made = ModuleType("odd")
    made.__dict__.update(named(items))
    return made


def named(items: list[Any]) -> dict[str, Any]:
    """Give each item a name, one an odd one."""
    names = {f"a{index}": item for index, item in enumerate(items)}
    names[Named("odd")] = names.pop("a1")
    return names


def failed(items: list[Any]) -> Exception:
    """Return an exception that has the items as arguments and attributes."""
    error = ValueError(*items[:2])
    error.__dict__.update(named(items[2:]))
    return error


CONTAINERS: dict[str, Any] = {
    "list": list,
    "twice": lambda items: items + items,
    "tuple": tuple,
    "deque": deque,
    "dict": lambda items: {(index, None): item for index, item in enumerate(items)},
    "ordered": lambda items: OrderedDict(enumerate(items)),
    "listed": listed,
    "module": module,
    "class": lambda items: type("Kind", (), named(items)),
    "namespace": lambda items: SimpleNamespace(**named(items)),
    "exception": failed,
    "set": lambda items: set(map(id, items)),
}


@pytest.mark.parametrize("make", CONTAINERS.values(), ids=CONTAINERS)
def test_labels_are_those_of_each_alone(make: Any) -> None:
    """Whatever the container, and also for what is not in it."""
    items = [SimpleNamespace() for _ in range(5)]
    parent = make(items)
    labels = Labels({id(item): {id(parent): 1} for item in [*items, make]})
    for item in [*items, make]:
        assert labels(parent, item) == edges.label(parent, item)


def test_labels_in_a_namespace() -> None:
    """A dict of attributes is written as attributes."""
    items = [SimpleNamespace() for _ in range(5)]
    names = named(items)
    labels = Labels({id(item): {id(names): 1} for item in items})
    alone = [label_in_namespace(names, item) for item in items]
    assert alone == [".a0", "[<Named>]", ".a2", ".a3", ".a4"]
    assert [labels.in_namespace(names, item) for item in items] == alone
    assert labels(names, items[0]) == "['a0']"


def fail() -> Exception:
    """Return an exception with a frame."""
    try:
        raise ValueError
    except ValueError as error:
        return error


def test_a_container_is_looked_through_once(
    app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many exceptions a list has, its items are asked for a few times."""
    asked: list[int] = []

    def items_of(parent: Any) -> list[object]:
        asked.append(len(parent))
        return original(parent)

    original = edges.items_of
    monkeypatch.setattr(edges, "items_of", items_of)
    monkeypatch.setattr(labelling, "items_of", items_of)
    before = retention.snapshot()
    app.saved["errors"] = [fail() for _ in range(100)]
    [leak] = retention.diff(before)
    assert leak.count == 100
    assert re.fullmatch(r"app\.saved\['errors'\]\[\d+\]", leak.holders[0].path)
    assert asked.count(100) == 1
    app.saved.clear()
    assert retention.diff(before) == []


def test_a_search_is_gone_without_the_collector() -> None:
    """Labels make no cycle with the search, which has objects of the program."""
    kept = [fail(), fail()]
    found = retention.why(kept[0])
    assert found
    gc.collect()
    gc.disable()
    try:
        retention.why(kept[0])
        assert retention.live() != []
        left = [each for each in gc.get_objects() if type(each) is Labels]
    finally:
        gc.enable()
    assert left == []
    moment = retention.snapshot()
    del kept
    assert retention.diff(moment) == []
