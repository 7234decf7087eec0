"""What fixtures of a wider scope than one test have made: known, and not kept.

Such a fixture's generator is suspended from its setup to the end of its module, class
or session. The test that asked for it first is not to blame; what is left of it at the
end of its scope is.
"""

from __future__ import annotations

from types import FrameType
from typing import TYPE_CHECKING, Any
from weakref import ref

from frametools.retention.heap.marks import mark_of, own_mark

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pytest


class Belongings:
    """Frames and generators that belong to one module, class, package or session."""

    def __init__(self) -> None:
        self._known: dict[int, ref[Any]] = {}
        """Generators, and the marks of frames, by id: of frames there is no `ref`."""

    def add(self, found: Iterable[Any]) -> None:
        """Take over what was made."""
        for each in found:
            if type(each) is FrameType:
                own = own_mark(each, 0)
                mark = own()
                assert mark is not None  # the frame has it
                mark.epoch = 0  # older than any baseline: new to no test
                self._known[id(mark)] = own
            else:
                self._known[id(each)] = ref(each)

    def has(self, found: Any) -> bool:
        """Tell if something belongs to this scope."""
        known = mark_of(found) if type(found) is FrameType else found
        entry = self._known.get(id(known))
        return entry is not None and known is not None and entry() is known

    def are_left(self) -> bool:
        """Tell if anything is still alive."""
        return any(entry() is not None for entry in self._known.values())


def ending_with(item: pytest.Item, nextitem: pytest.Item | None) -> list[Any]:
    """Return the collectors that end with a test, the innermost first."""
    goes_on = set() if nextitem is None else set(map(id, nextitem.listchain()))
    chain: list[Any] = item.listchain()[:-1]
    return [node for node in reversed(chain) if id(node) not in goes_on]


def name_of(node: Any) -> str:
    """Return the node id of a collector; the session's is empty."""
    return node.nodeid or "session"
