"""Memory that the collector cannot see, of packages that the program has."""

from __future__ import annotations

import gc
import sys
from types import ModuleType
from typing import TYPE_CHECKING, Any

import pytest

from frametools.retention.sizes.buffers import Buffers
from frametools.retention.sizes.exclusive import exclusive

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from types import FrameType

MIB = 2**20


@pytest.fixture(autouse=True)
def nothing_is_kept() -> Generator[None]:
    """Check after each test that no frame is kept."""

    def count() -> int:
        gc.collect()
        return sum(type(thing).__name__ == "frame" for thing in gc.get_objects())

    before = count()
    yield
    assert count() == before


def frame_with(make: Callable[[], object]) -> FrameType:
    """Return a frame that has ended and keeps what `make` makes."""
    value = make()
    assert value is not None
    return sys._getframe()


def megabytes(make: Callable[[], object]) -> float:
    """Measure what a frame keeps by what `make` makes, in MiB."""
    return round(exclusive([frame_with(make)]).total / MIB, 2)


def test_plain_types_hide_nothing() -> None:
    """Most objects cost nothing; what is no module or has no such type neither."""
    assert Buffers().hidden(dict) is None


@pytest.mark.parametrize("fake", [None, object(), ModuleType("numpy")])
def test_fake_module(fake: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A module that is not what its name says is left alone."""
    monkeypatch.setitem(sys.modules, "numpy", fake)
    assert Buffers().hidden(list) is None


def test_array_view() -> None:
    """A view keeps the whole array that it is a part of."""
    numpy = pytest.importorskip("numpy")
    assert megabytes(lambda: numpy.zeros(1_000_000)) == 7.63
    assert megabytes(lambda: numpy.zeros(1_000_000)[::2][5:]) == 7.63
    held = numpy.zeros(1_000_000)
    assert megabytes(lambda: held[::2]) == 0.0


def test_array_of_objects() -> None:
    """The items of an array of objects count, those of its views once."""
    numpy = pytest.importorskip("numpy")

    def make() -> object:
        array = numpy.empty((2, 2), object)
        array[0, 0] = array[1, 1] = bytearray(MIB)
        array[1, 0] = [bytearray(MIB)]
        return array, array[1:]

    assert megabytes(make) == 2.0


def test_subclass_does_not_run() -> None:
    """What a subclass of ndarray defines is not called."""
    numpy = pytest.importorskip("numpy")
    armed = []

    class Strange(numpy.ndarray):  # type: ignore[misc, name-defined]
        def __array_finalize__(self, _other: object) -> None:
            assert not armed

        def __getattribute__(self, name: str) -> Any:
            assert not armed
            return super().__getattribute__(name)

    def make() -> object:
        array = numpy.empty(3, object)
        array[0] = bytearray(MIB)
        return array.view(Strange)

    frame = frame_with(make)
    armed.append(True)
    assert round(exclusive([frame]).total / MIB, 2) == 1.0


def test_data_frame() -> None:
    """A DataFrame's blocks count; its `__sizeof__`, which is deep, does not run."""
    pandas = pytest.importorskip("pandas")
    numpy = pytest.importorskip("numpy")

    def make() -> object:
        return pandas.DataFrame({"a": numpy.arange(1_000_000.0)})

    assert int(megabytes(make)) in (7, 15)


def test_tensor() -> None:
    """A storage counts once, and only if no other tensor uses it."""
    torch = pytest.importorskip("torch")

    def make() -> object:
        whole = torch.zeros(MIB, dtype=torch.uint8)
        return whole, whole[5:], whole.view(4, -1)

    assert megabytes(make) == 1.0
    frame = frame_with(make)
    first = exclusive([frame])
    assert exclusive([frame]) == first
    held = torch.zeros(MIB, dtype=torch.uint8)
    assert megabytes(lambda: held[5:]) == 0.0


def test_arrow_buffer() -> None:
    """A buffer counts once, not its slices."""
    arrow = pytest.importorskip("pyarrow")
    assert megabytes(lambda: arrow.allocate_buffer(MIB)) == 1.0
    held = arrow.allocate_buffer(MIB)
    assert megabytes(lambda: held.slice(10)) == 0.0
