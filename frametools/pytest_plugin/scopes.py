"""What fixtures of a wider scope than one test have made: known, and not kept.

Such a fixture's generator is suspended from its setup to the end of its module, class
or session. The test that asked for it first is not to blame; what is left of it at the
end of its scope is.
"""

from __future__ import annotations

from types import FrameType
from typing import TYPE_CHECKING, Any
from weakref import ref

from frametools.retention.marks import Mark, are_alive, mark_of, own_mark

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pytest


class Belongings:
    """Frames and generators that belong to one module, class, package or session."""

    def __init__(self) -> None:
        self._marks: list[Mark] = []
        self._generators: dict[int, ref[Any]] = {}

    def add(self, found: Iterable[Any]) -> None:
        """Take over what was made."""
        for each in found:
            if type(each) is FrameType:
                own = own_mark(each, 0)
                own.epoch = 0  # older than any baseline: new to no test
                self._marks.append(own)
                del own  # what is referred to from here counts as alive
            else:
                self._generators[id(each)] = ref(each)

    def has(self, found: Any) -> bool:
        """Tell if something belongs to this scope."""
        if type(found) is FrameType:
            own = mark_of(found)
            return any(own is mark for mark in self._marks)
        entry = self._generators.get(id(found))
        return entry is not None and entry() is found

    def are_left(self) -> bool:
        """Tell if anything is still alive."""
        return any(are_alive(self._marks)) or any(
            entry() is not None for entry in self._generators.values()
        )


def ending_with(item: pytest.Item, nextitem: pytest.Item | None) -> list[Any]:
    """Return the collectors that end with a test, the innermost first."""
    goes_on = set() if nextitem is None else set(map(id, nextitem.listchain()))
    chain: list[Any] = item.listchain()[:-1]
    return [node for node in reversed(chain) if id(node) not in goes_on]


def name_of(node: Any) -> str:
    """Return the node id of a collector; the session's is empty."""
    return node.nodeid or "session"
