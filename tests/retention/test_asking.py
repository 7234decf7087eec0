"""Questions about one object."""

from __future__ import annotations

import sys
from types import SimpleNamespace
from typing import Any

import pytest

from frametools import retention


def failed() -> Exception:
    """Return an exception with a traceback of one ended frame."""
    try:
        raise ValueError
    except ValueError as error:
        return error


def test_why_names_each_holder(app: Any) -> None:
    """The paths from what lives long, the most understandable first."""
    value = [1]
    app.saved["it"] = value
    app.service.value = value
    paths = [(holder.path, holder.kind) for holder in retention.why(value)]
    assert set(paths[:2]) == {
        ("app.saved['it']", "module global"),
        ("app.service.value", "instance attribute of app.Service"),
    }
    assert [path.partition(" in ")[0] for path, _ in paths[2:]] == ["value"]
    assert [kind for _, kind in paths[2:]] == ["local of a running frame"]


def test_why_of_garbage() -> None:
    """What only garbage refers to has no holder."""
    cycle = [SimpleNamespace()]
    cycle[0].cycle = cycle
    number = [cycle[0]]
    del cycle
    found = retention.why(number.pop())
    assert found == []


def test_collectable() -> None:
    """An exception that only its handler has is freed at once."""
    try:
        raise ValueError
    except ValueError as error:
        retention.assert_collectable(error)
    retention.assert_collectable(failed())
    retention.assert_collectable([failed()])


def test_not_collectable_by_holder(app: Any) -> None:
    """Another holder is named."""
    app.service.error = failed()
    with pytest.raises(AssertionError, match=r"held by app\.service\.error \(instance"):
        retention.assert_collectable(app.service.error)


def test_not_collectable_by_cycle() -> None:
    """A local of a frame of its own traceback is a cycle."""

    def cyclic() -> Exception:
        try:
            raise ValueError
        except ValueError as error:
            kept = error
        return kept

    with pytest.raises(AssertionError, match=r"in a cycle: frame\.f_locals\['kept'\]"):
        retention.assert_collectable(cyclic())


def test_not_collectable_by_a_frame_below() -> None:
    """So is a frame that refers to itself, in a traceback that is innocent."""

    def looks_at_itself() -> None:
        frame = sys._getframe()
        raise ValueError(frame is None)

    def innocent() -> Exception:
        try:
            looks_at_itself()
        except ValueError as error:
            return error
        raise AssertionError

    with pytest.raises(AssertionError, match=r"in a cycle: frame\.f_locals\['frame'\]"):
        retention.assert_collectable(innocent())


def test_not_collectable_attribute_cycle() -> None:
    """An object that has the exception it is a local of is found too."""

    class Job:
        error: Exception

        def run(self) -> None:
            try:
                raise ValueError
            except ValueError as error:
                self.error = error

    job = Job()
    job.run()
    with pytest.raises(AssertionError, match=r"held by job\.error in test_not"):
        retention.assert_collectable(job.error)
    before = retention.snapshot()
    del job
    assert retention.diff(before) == []
