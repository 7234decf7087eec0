"""Exclusive sizes: what only the frames keep, found without running the program."""

from __future__ import annotations

import gc
import sys
import weakref
from typing import TYPE_CHECKING, Any

import pytest

from frametools.retention.sizes.exclusive import LocalSize, exclusive

if TYPE_CHECKING:
    from collections.abc import Generator
    from types import FrameType

MIB = 2**20
SHARED: list[object] = []


def kept_frames() -> int:
    """Count the frames that have ended and are alive."""
    gc.collect()
    return sum(type(thing).__name__ == "frame" for thing in gc.get_objects())


@pytest.fixture(autouse=True)
def nothing_is_kept() -> Generator[None]:
    """Check after each test that no frame is kept."""
    before = kept_frames()
    yield
    SHARED.clear()
    assert kept_frames() == before


def megabytes(frame: object, *members: object) -> float:
    """Measure one frame in MiB, as the table of the facts has it."""
    return round(exclusive([frame], members).total / MIB, 2)


def names(frame: object) -> list[str]:
    """List the variables of a frame that keep something."""
    return [local.name for local in exclusive([frame]).frames[0].locals]


def test_one_large_object() -> None:
    """A bytearray is the size that it has."""

    def work() -> FrameType:
        data = bytearray(5 * MIB)
        assert data
        return sys._getframe()

    frame = work()
    found = exclusive([frame])
    size = sys.getsizeof(bytearray(5 * MIB))
    assert found.frames[0].locals == (LocalSize("data", "bytearray", size),)
    assert found.total == found.frames[0].size
    assert found.total - size in range(sys.getsizeof(frame), 1000)
    assert not found.is_partial


def test_graph_of_dicts() -> None:
    """All that a dict reaches is counted, what is shared once."""

    def work() -> FrameType:
        common = "common" * 1000
        graph = {}
        for i in range(10_000, 10_100):
            graph[i] = {"name": f"n{i}", "values": [common]}
        del i
        return sys._getframe()

    frame = work()
    graph = frame.f_locals["graph"]
    inner = [
        part for row in graph.values() for part in (row, *row.values(), row["values"])
    ]
    expected = sys.getsizeof(graph) + sum(map(sys.getsizeof, graph))
    expected += sum(map(sys.getsizeof, {id(o): o for o in inner}.values()))
    del graph, inner
    found = {local.name: local.size for local in exclusive([frame]).frames[0].locals}
    assert found == {"graph": expected, "common": sys.getsizeof("common" * 1000)}


def test_closure() -> None:
    """What the variables of an inner function refer to is counted."""

    def work() -> FrameType:
        def outer() -> Any:
            data = bytearray(2 * MIB)
            return lambda: data

        inner = outer()
        assert inner
        return sys._getframe()

    frame = work()
    assert megabytes(frame) == 2.00
    assert names(frame)[0] == "inner"


def test_partly_shared() -> None:
    """What somebody else refers to, and what that reaches, is not counted."""

    def work() -> FrameType:
        mine = [bytearray(2 * MIB)]
        also = [[bytearray(MIB)]]
        SHARED.append(also)
        assert mine
        return sys._getframe()

    frame = work()
    assert megabytes(frame) == 2.00
    assert names(frame) == ["mine"]


def test_memoryview() -> None:
    """A view keeps what it looks at."""

    def work() -> FrameType:
        view = memoryview(bytearray(3 * MIB))[5:]
        assert view
        return sys._getframe()

    assert megabytes(work()) == 3.00


def test_cycle() -> None:
    """Objects that refer to each other are the frame's, if to nobody else."""

    def work() -> FrameType:
        loop: list[object] = [bytearray(MIB)]
        loop.append(loop)
        held: list[object] = [bytearray(MIB)]
        held.append({"held": held})
        SHARED.append(held[1])
        return sys._getframe()

    frame = work()
    assert megabytes(frame) == 1.00
    frame.f_locals["loop"].clear()


def test_suspended_generator() -> None:
    """A generator's variables count, and what waits on its stack."""

    def work() -> Generator[int]:
        data = bytearray(MIB)
        print(bytearray(2 * MIB), (yield 1), data)

    generator = work()
    next(generator)
    found = exclusive([generator])
    assert round(found.total / MIB, 2) == 3.00
    assert [local.name for local in found.frames[0].locals] == ["data"]
    assert exclusive([generator]) == found
    generator.close()


def test_caller_that_keeps_it_too() -> None:
    """What two frames refer to is the first one's, if both let go; else no one's."""

    def outer() -> FrameType:
        data = bytearray(MIB)
        return inner(data)

    def inner(same: bytearray) -> FrameType:
        assert same
        return sys._getframe()

    frame = outer()
    assert frame.f_back is not None
    assert megabytes(frame) == 0.0
    assert megabytes(frame, frame.f_back) == 1.0
    both = exclusive([frame.f_back, frame])
    assert [round(each.size / MIB) for each in both.frames] == [1, 0]
    both = exclusive([frame, frame.f_back])
    assert [round(each.size / MIB) for each in both.frames] == [1, 0]
    assert sum(each.size for each in both.frames) == both.total


def test_first_variable_claims() -> None:
    """Of two variables that reach an object, the first has it."""

    def work() -> FrameType:
        first = [bytearray(MIB)]
        second = [first[0], bytearray(10_000)]
        assert second
        return sys._getframe()

    frame = work()
    found = exclusive([frame]).frames[0].locals
    assert [(local.name, local.size // 10_000) for local in found] == [
        ("first", 104),
        ("second", 1),
    ]


def test_members_die_too() -> None:
    """What the exception refers to besides is not somebody else's."""

    def work() -> None:
        data = bytearray(MIB)
        raise ValueError(data)

    with pytest.raises(ValueError, match="bytearray") as caught:
        work()
    error = caught.value
    entry = error.__traceback__.tb_next
    assert entry.tb_frame.f_code.co_name == "work"
    assert megabytes(entry.tb_frame) == 0.0
    assert megabytes(entry.tb_frame, entry, error) == 1.0
    assert megabytes(entry.tb_frame, error, error, entry) == 1.0
    error.__traceback__ = None
    del caught, entry, error


def test_slots_and_attributes() -> None:
    """Attributes count, in a dict, in the object or in slots."""

    class Inline:
        def __init__(self) -> None:
            self.data = bytearray(MIB)

    class Slots:
        __slots__ = ("data",)

    def work() -> FrameType:
        inline, opened, slots = Inline(), Inline(), Slots()
        slots.data = bytearray(MIB)
        assert vars(opened)
        assert inline
        return sys._getframe()

    assert megabytes(work()) == 3.0


def test_no_python_sizeof() -> None:
    """A `__sizeof__` in Python does not run; that of C behind it does."""

    class Deep(list[int]):
        def __sizeof__(self) -> int:
            raise AssertionError

    class Plain(list[int]):
        pass

    class Borrowed:
        __sizeof__ = list.__sizeof__

    def work() -> FrameType:
        deep, plain, other = Deep([1, 2, 3]), Plain([1, 2, 3]), Borrowed()
        assert deep == plain
        assert other
        return sys._getframe()

    frame = work()
    found = {local.name: local.size for local in exclusive([frame]).frames[0].locals}
    assert found["deep"] == found["plain"] == sys.getsizeof(Plain([1, 2, 3]))
    assert found["other"] == object.__sizeof__(Borrowed()) + 32


def test_no_metaclass_runs() -> None:
    """Nothing that a metaclass or a class defines is asked."""

    def fail(*_args: object) -> Any:
        raise AssertionError

    body = dict.fromkeys(("__hash__", "__eq__", "__getattribute__"), fail)
    meta = type("Meta", (type,), body | {"__instancecheck__": fail})
    kind = type.__call__(meta, "Strange", (), body | {"__class__": property(fail)})

    def work() -> FrameType:
        strange = object.__new__(kind)
        more = [strange, kind, bytearray(MIB)]
        assert more
        return sys._getframe()

    frame = work()
    found = exclusive([frame]).frames[0]
    assert sorted(local.type for local in found.locals) == ["Strange", "list"]


def test_budget() -> None:
    """What is beyond the budget makes the size a lower bound."""

    def work() -> FrameType:
        many = [[str(i)] for i in range(1000)]
        last = bytearray(MIB)
        assert many
        assert last
        return sys._getframe()

    frame = work()
    whole = exclusive([frame])
    part = exclusive([frame], budget=500)
    assert part.is_partial
    assert MIB < part.total < whole.total
    assert part.frames[0].locals[0].name == "last"
    assert len(part.frames[0].locals) == 2
    for budget in (0, 1, 2, 10, 100, 3000):
        assert exclusive([frame], budget=budget).total <= whole.total
    assert exclusive([frame], budget=3000) == whole
    assert exclusive([frame], budget=None) == whole


def test_budget_is_not_wasted() -> None:
    """Much that is held elsewhere does not hide what is the frame's alone."""
    SHARED.extend([str(i)] for i in range(1000))

    def work() -> FrameType:
        app, mine = SHARED, {"key": [bytearray(MIB)]}
        held, cycle = [bytearray(MIB)], [[bytearray(MIB)]]
        SHARED.append(held)
        cycle.append(cycle)
        assert app
        assert mine
        return sys._getframe()

    frame = work()
    part = exclusive([frame], budget=500)
    assert part.is_partial
    assert round(part.total / MIB, 2) == 1.0
    assert [local.name for local in part.frames[0].locals] == ["mine"]
    frame.f_locals["cycle"].clear()


def test_what_is_nobodys() -> None:
    """Immortal objects, types, modules, code and globals keep nothing."""

    def work() -> FrameType:
        nothing, number, text, kind = None, 1, "", int
        module, space, code = sys, globals(), sys._getframe().f_code
        assert [nothing, number, text, kind, module, space, code]
        return sys._getframe()

    frame = work()
    assert names(frame) == []
    # Until 3.12 the empty snapshot of looking is there.
    assert exclusive([frame]).total - sys.getsizeof(frame) in (0, sys.getsizeof({}))


def test_module_frame() -> None:
    """The frame of a module or class body has no variables of its own."""
    space: dict[str, Any] = {"data": bytearray(MIB)}
    exec("import sys; frame = sys._getframe()", space)
    frame = space.pop("frame")
    found = exclusive([frame])
    assert found.frames[0].locals == ()
    assert found.total < 1000


def test_finished_generator_and_nothing() -> None:
    """Without frames, and for a generator that has finished, there is nothing."""
    done = (i for i in ())
    assert list(done) == []
    assert exclusive([]) == (0, False, (), 0)
    assert exclusive([done]).total == sys.getsizeof(done)


def test_nothing_stays() -> None:
    """The look keeps nothing, and leaves the reference counts as they were."""

    class Thing:
        pass

    def work() -> FrameType:
        thing = Thing()
        more = [[thing] for _ in range(10)]
        assert more
        return sys._getframe()

    frame = work()
    thing = weakref.ref(frame.f_locals["thing"])
    first = exclusive([frame])
    counts = {sys.getrefcount(thing())}
    assert exclusive([frame]) == first
    assert exclusive([frame], budget=3).is_partial
    counts.add(sys.getrefcount(thing()))
    assert len(counts) == 1
    gc.collect()
    gc.disable()
    try:
        del frame
        assert thing() is None
    finally:
        gc.enable()
