"""What the markers of a test ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest

from frametools.pytest_plugin.options import globs, size

if TYPE_CHECKING:
    from frametools.pytest_plugin.options import Options

_KEYS = {"allow", "min", "cycles"}


class Terms(NamedTuple):
    """By which a test, or a module's end, is judged."""

    minimum: int
    cycles: bool
    ignore: tuple[str, ...] = ()
    """Globs on the paths of holders."""
    allow: tuple[str, ...] = ()
    """Globs on the paths of holders, or on functions that may be kept."""


def is_left_out(item: pytest.Item) -> bool:
    """Tell if a test has the marker no_frame_leaks_check."""
    return item.get_closest_marker("no_frame_leaks_check") is not None


def terms_of(item: pytest.Item, options: Options) -> Terms:
    """Return the terms of a test: its nearest markers first, then the options."""
    given: dict[str, object] = {}
    allow: tuple[str, ...] = ()
    for marker in item.iter_markers("frame_leaks"):
        allow += globs(marker.kwargs.get("allow") or (), "frame_leaks: allow")
        given = {**marker.kwargs, **given}
    minimum, cycles = given.get("min"), given.get("cycles")
    return Terms(
        options.minimum if minimum is None else size(minimum, "frame_leaks: min"),  # type: ignore[arg-type]
        options.cycles if cycles is None else bool(cycles),
        options.ignore,
        allow,
    )


def check(item: pytest.Item, options: Options) -> None:
    """Raise pytest.UsageError, naming the test, for markers that say nothing valid."""
    try:
        for marker in item.iter_markers("frame_leaks"):
            if marker.args or not marker.kwargs.keys() <= _KEYS:
                raise pytest.UsageError("frame_leaks takes allow=, min= and cycles=")
            terms_of(item, options)
        for marker in item.iter_markers("no_frame_leaks_check"):
            _check_reason(*marker.args, **marker.kwargs)
    except pytest.UsageError as error:
        raise pytest.UsageError(f"{item.nodeid}: {error}") from None


def _check_reason(*given: object, **named: object) -> None:
    reasons = [*given, *named.values()]
    is_text = len(reasons) == 1 and isinstance(reasons[0], str) and reasons[0]
    if not is_text or named.keys() - {"reason"}:
        raise pytest.UsageError("no_frame_leaks_check needs a reason")
