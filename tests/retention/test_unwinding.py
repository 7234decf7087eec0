"""The gauge of frames that exceptions keep: it is exact, and gives all back."""

from __future__ import annotations

import asyncio
import gc
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from types import CodeType, FrameType
from typing import Any
from weakref import ref

import pytest

from frametools import retention
from frametools._paths import here, short_path
from frametools._python import HAS_MONITORING
from frametools.monitor.backend import MonitorError
from frametools.retention import unwinding
from frametools.retention.unwinding import UnwindGauge, track_unwinding

Make = Callable[..., UnwindGauge]


class Clock:
    """Seconds that a test sets."""

    now = 0.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now


@pytest.fixture
def make() -> Iterator[Make]:
    """Make gauges, which are stopped at the end; then no frame of a test is kept."""
    if not HAS_MONITORING:
        pytest.skip("there is no sys.monitoring before 3.12")
    made: list[UnwindGauge] = []

    def made_with(*args: Any) -> UnwindGauge:
        made.append(track_unwinding(*args))
        return made[-1]

    yield made_with
    for gauge in made:
        gauge.stop()
    made.clear()
    assert all(sys.monitoring.get_tool(number) is None for number in (3, 4, 5, 2))
    kept = [each for each in gc.get_objects() if type(each) is FrameType]
    assert __file__ not in {frame.f_code.co_filename for frame in kept}


@pytest.fixture
def gauge(make: Make) -> UnwindGauge:
    """Give one gauge."""
    return make()


def fail(levels: int = 1) -> None:
    """Raise; as many frames are left as there are levels."""
    if levels > 1:
        fail(levels - 1)
    raise KeyError


def failed(levels: int = 1) -> BaseException:
    """Return an exception that keeps some frames of `fail`."""
    try:
        fail(levels)
    except KeyError as error:
        return error
    raise AssertionError


def test_without_monitoring(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is no sys.monitoring, one line says so."""
    monkeypatch.setattr(unwinding, "HAS_MONITORING", False)
    with pytest.raises(MonitorError, match=r"^track_unwinding needs [^\n]*$"):
        track_unwinding()


def test_death_of_the_exception(gauge: UnwindGauge) -> None:
    """Frames are counted while the exception lives, and no longer."""
    before = gauge.total  # pytest's fixtures end by exceptions too
    error = failed(3)
    other = failed(2)
    assert (gauge.count, gauge.total - before, gauge.unseen) == (5, 5, 0)
    del error
    assert (gauge.count, gauge.total - before) == (2, 5)
    del other
    assert (gauge.count, gauge.total - before, gauge.oldest) == (0, 5, None)


def test_a_handled_exception_keeps_nothing(gauge: UnwindGauge) -> None:
    """At the end of the `except` block all is released."""
    before = gauge.total
    try:
        fail(4)
    except KeyError:
        assert gauge.count == 4
    assert (gauge.count, gauge.total - before) == (0, 4)


def test_as_text(gauge: UnwindGauge) -> None:
    """`print(gauge)` is a table, its `repr` one line; and no frame is kept by them."""
    before = gauge.total
    assert str(gauge) == "exceptions keep no frame"
    error = failed(3)
    head, row = str(gauge).splitlines()
    assert head.split() == ["frames", "oldest", "function"]
    line = fail.__code__.co_firstlineno
    name = short_path(__file__, here())
    assert row.split() == ["3", "0.0", "s", "fail", f"({name}:{line})"]
    assert repr(gauge) == f"<UnwindGauge: 3 kept of {before + 3:,}>"
    del error
    assert gauge.count == 0
    gauge.stop()
    assert repr(gauge).endswith(", stopped>")


def test_clear(gauge: UnwindGauge) -> None:
    """A frame that loses its variables counts no more, though it is held."""
    error = failed(3)
    frames = [frame for frame, _ in traceback.walk_tb(error.__traceback__)]
    frames[-1].clear()
    assert gauge.count == 2
    traceback.clear_frames(error.__traceback__)
    assert gauge.count == 0
    del frames, error


def test_with_traceback(gauge: UnwindGauge) -> None:
    """An exception without its traceback keeps no frame."""
    error = failed(2).with_traceback(None)
    assert gauge.count == 0
    del error


def cycle() -> None:
    """Leave a frame that only it itself refers to."""
    try:
        raise KeyError
    except KeyError as error:
        itself = error
        raise ValueError from None
    finally:
        assert itself is not None


def test_a_cycle(gauge: UnwindGauge) -> None:
    """A cycle counts until the collector has broken it."""
    gc.disable()
    try:
        with pytest.raises(ValueError, match=r"^$"):
            cycle()
        assert gauge.count == 1
        gc.collect()
        assert gauge.count == 0
    finally:
        gc.enable()


def generate() -> Iterator[int]:
    """Yield once, then fail."""
    yield 1
    fail()


def test_generators(gauge: UnwindGauge) -> None:
    """The frame of a generator that failed counts; one that is closed does not."""
    closed, failing = generate(), generate()
    next(closed)
    closed.close()  # type: ignore[attr-defined]
    assert gauge.count == 0
    try:
        list(failing)
    except KeyError as caught:
        error = caught
    assert [row[::3] for row in gauge.by_code()] == [("fail", 1), ("generate", 1)]
    del error
    assert gauge.count == 0


def test_coroutines(gauge: UnwindGauge) -> None:
    """A task that failed keeps the frame of its coroutine until it is dropped."""

    async def work() -> None:
        await asyncio.sleep(0)
        fail()

    async def main() -> None:
        task = asyncio.ensure_future(work())
        await asyncio.wait([task])
        rows = {row.function.rpartition(".")[2] for row in gauge.by_code()}
        assert rows == {"fail", "work"}
        assert task.exception() is not None
        del task

    asyncio.run(main())
    gc.collect()
    assert gauge.count == 0


def test_threads(gauge: UnwindGauge) -> None:
    """No frame is lost and none counted twice, however threads take turns."""
    kept: list[BaseException] = []

    def work() -> None:
        for number in range(200):
            error = failed(3)
            if number % 10 == 0:
                kept.append(error)
            del error

    before, interval = gauge.total, sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)
    assert (gauge.count, gauge.total - before) == (4 * 20 * 3, 4 * 200 * 3)
    kept.clear()
    assert gauge.count == 0


def test_rows(make: Make) -> None:
    """Rows say where, how many, since when; by number and by age."""
    clock = Clock()
    gauge = make(clock)
    old = failed()
    clock.now = 10.0
    try:
        cycle()
    except ValueError as caught:
        middle = caught
    clock.now = 15.0
    new = failed(2)
    clock.now = 16.5
    ages = gauge.ages()
    assert [(r.function, r.frames, r.oldest) for r in ages] == [
        ("fail", 3, 16.5),
        ("cycle", 1, 6.5),
    ]
    assert ages == gauge.by_code()
    assert ages[0][1:3] == (__file__, fail.__code__.co_firstlineno)
    assert gauge.oldest == 16.5
    del old
    assert (gauge.oldest, gauge.ages()[0].function) == (6.5, "cycle")
    assert gauge.by_code()[0].function == "fail"
    del new, middle
    gc.collect()
    assert gauge.ages() == gauge.by_code() == []
    assert gauge.count == 0


def test_a_traced_frame_is_left_alone(gauge: UnwindGauge) -> None:
    """A frame that a debugger traces is counted as unseen, and stays as it is."""

    def trace(*_args: object) -> Any:
        return trace

    def traced() -> None:
        sys._getframe().f_trace = trace
        fail()

    before = gauge.total
    try:
        traced()
    except KeyError as error:
        tracebacks = error.__traceback__
        assert tracebacks is not None
        assert tracebacks.tb_next is not None
        assert tracebacks.tb_next.tb_frame.f_trace is trace
        del tracebacks
        assert (gauge.count, gauge.total - before, gauge.unseen) == (1, 1, 1)


def test_a_tracer_beside_it(gauge: UnwindGauge) -> None:
    """A trace function that looks at calls only goes on as if there were no gauge."""
    events: list[str] = []

    def trace(_frame: FrameType, event: str, _arg: object) -> None:
        events.append(event)

    former = sys.gettrace()
    sys.settrace(trace)
    try:
        error = failed(2)
    finally:
        sys.settrace(former)
    assert events[:3] == ["call"] * 3
    assert gauge.count == 2
    del error
    assert gauge.count == 0


def test_frames_of_ours_are_left_out(gauge: UnwindGauge) -> None:
    """What frametools itself raises and keeps is not the program's."""
    before = gauge.total
    try:
        retention.Leak.from_dict(None)
    except retention.LeakError:
        assert (gauge.count, gauge.total - before) == (0, 0)


def test_two_gauges(make: Make) -> None:
    """Both count the same frames; one may stop before the other."""
    first = make()
    early = failed()
    second = make()
    late = failed(2)
    assert (first.count, second.count) == (3, 2)
    first.stop()
    assert (first.count, second.count, second.unseen) == (0, 2, 0)
    del early, late
    assert (first.count, first.total, second.count) == (0, 3, 0)


def test_no_free_tool_id(make: Make) -> None:
    """With all tool ids taken, one line names who has them."""
    for number in (2, 3, 4, 5):
        sys.monitoring.use_tool_id(number, f"tool {number}")
    try:
        with pytest.raises(MonitorError, match=r"^no .* tool id is free .*tool 4.*$"):
            make()
    finally:
        for number in (2, 3, 4, 5):
            sys.monitoring.free_tool_id(number)


def test_stop(make: Make) -> None:
    """All is given back; sentinels that live on do nothing; numbers stay."""
    with make() as gauge:
        (number,) = (n for n in range(6) if "unwinding" in str(tool_of(n)))
        error = failed(2)
        assert sys.monitoring.get_events(number) == sys.monitoring.events.PY_UNWIND
    assert tool_of(number) is None
    sys.monitoring.use_tool_id(number, "next")
    assert sys.monitoring.get_events(number) == 0
    former = sys.monitoring.register_callback(
        number, sys.monitoring.events.PY_UNWIND, None
    )
    sys.monitoring.free_tool_id(number)
    assert former is None
    assert (gauge.count, gauge.total) == (0, 2)
    again = failed()
    del error, again
    gauge.stop()
    assert (gauge.count, gauge.total) == (0, 2)


def tool_of(number: int) -> str | None:
    """Return the name of the tool that has an id."""
    return sys.monitoring.get_tool(number)


@pytest.mark.usefixtures("make")
def test_a_gauge_that_is_dropped_stops() -> None:
    """Nobody else could stop it: the tool id is free again."""
    track_unwinding()
    assert tool_of(3) is None


def test_it_keeps_nothing(gauge: UnwindGauge) -> None:
    """Code and exception die as they would without a gauge."""

    class Own(Exception):
        """Can be referred to weakly."""

    names: dict[str, Any] = {"Own": Own}
    exec("def throw():\n    raise Own", names)
    code: ref[CodeType] = ref(names["throw"].__code__)
    try:
        names["throw"]()
    except Own as caught:
        error: ref[BaseException] = ref(caught)
        assert gauge.by_code()[0][:3] == ("throw", "<string>", 1)
    names.clear()
    assert (error(), code()) == (None, None)
    reachable = gc.get_referents(gauge._armed, gauge._numbers)
    assert not any(isinstance(each, FrameType | CodeType) for each in reachable)


def test_release_finds_the_same_frames(gauge: UnwindGauge) -> None:
    """The marks of `retention` go before the sentinels, and both die at a release."""
    with retention.watch() as watch:
        error = failed(3)
        (leak,) = watch.leaks
        assert gauge.count == 3
        assert retention.release(leak) >= 3
        assert gauge.count == 0
    del error


def test_raising_is_as_before(gauge: UnwindGauge) -> None:
    """An exception, its traceback and context are what they are without a gauge."""
    error = failed(3)
    lines = [line for _, line in traceback.walk_tb(error.__traceback__)]
    gauge.stop()
    same = failed(3)
    assert lines == [line for _, line in traceback.walk_tb(same.__traceback__)]
    assert (type(error), error.args, error.__context__) == (KeyError, (), None)
    del error, same
