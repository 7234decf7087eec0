"""Reference counts, as exact as they are told."""

from __future__ import annotations

from frametools.retention.heap.references import (
    IMMORTAL,
    IS_SURE,
    references,
    unexplained,
)


def test_counts_are_calibrated() -> None:
    """What is known of an object is what is counted, on this interpreter."""
    assert IS_SURE
    objects = [object(), object()]
    assert references(objects) == [0, 0]
    held = {"a": objects[0]}, [objects[1], objects[1]]
    assert references(objects) == [1, 2]
    assert unexplained(objects, [1, 0]) == [0, 2]
    del held
    assert references(objects) == [0, 0]


def test_immortal_objects_are_explained() -> None:
    """What lives for ever is held by nobody in particular."""
    assert unexplained([None], [IMMORTAL]) == [0]
