"""The fixture `frame_retention`: the same questions, within a test."""

from __future__ import annotations

from types import FrameType
from typing import TYPE_CHECKING, Any

from frametools.pytest_plugin.keeping import is_generator_of_pytest, kept_by_wrappers
from frametools.retention.amounts import parse_amount
from frametools.retention.finding import find
from frametools.retention.heap.census import Baseline

if TYPE_CHECKING:
    from frametools.retention.leaks import Leak


class FrameRetention:
    """Asks `frametools.retention` from within a test."""

    def __init__(self) -> None:
        self._baseline = Baseline()

    def close(self) -> None:
        """End; the fixture does it."""
        self._baseline.close()

    def watch(self, **options: Any) -> Any:
        """Watch a block: see `frametools.retention.watch`."""
        from frametools.retention.watching import watch

        return watch(**options)

    def live(self, **options: Any) -> list[Leak]:
        """Return all that is kept now: see `frametools.retention.live`."""
        from frametools.retention.watching import live

        return live(**options)

    def why(self, found: object) -> Any:
        """Return what holds an object: see `frametools.retention.why`."""
        from frametools.retention.asking import why

        return why(found)

    def assert_collectable(self, found: object) -> None:
        """Raise AssertionError if anything else holds an object, or it itself does."""
        from frametools.retention.asking import assert_collectable

        assert_collectable(found)

    def leaks_so_far(
        self, min_size: int | str = 0, *, cycles: bool = False
    ) -> list[Leak]:
        """Return what the test has left since the fixture was set up."""
        wrappers = kept_by_wrappers()

        def ignore(found: Any) -> bool:
            if type(found) is FrameType:
                return False
            return id(found) in wrappers or is_generator_of_pytest(found)

        return find(
            self._baseline,
            min_size=parse_amount(min_size),
            cycles=cycles,
            ignore=ignore,
        )
