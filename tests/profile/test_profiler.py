"""`Profiler`: a part of a program, from within it."""

from __future__ import annotations

import asyncio
import gc
import inspect
import sys
import weakref
from collections.abc import AsyncIterator, Iterator
from io import BytesIO, StringIO, TextIOWrapper
from pathlib import Path
from typing import Any

import pytest

import frametools
from frametools.calltree import CallTree
from frametools.monitor import MonitorError
from frametools.profile import Profiler


def fib(n: int) -> int:
    """Call itself."""
    return n if n < 2 else fib(n - 1) + fib(n - 2)


def calls_of(profiler: Profiler, *names: str) -> list[int]:
    """Count the calls of functions, 0 for what is not in the tree."""
    found = {row.code.qualname: row.calls for row in profiler.tree.functions()}
    return [found.get(name, 0) for name in names]


def test_context_manager() -> None:
    """What runs in the block is in the tree; the block's own frame has no call."""
    with Profiler() as profiler:
        fib(6)
    assert calls_of(profiler, "fib", "test_context_manager") == [25, 0]
    assert not profiler.is_running


def test_a_filter_ends_with_its_run() -> None:
    """What one profiler leaves out is there for the next one."""
    with Profiler(exclude=("fib",)) as filtered:
        fib(6)
    with Profiler() as profiler:
        fib(6)
    assert (calls_of(filtered, "fib"), calls_of(profiler, "fib")) == ([0], [25])


def test_costs() -> None:
    """What watching costs is measured once, and is there to be subtracted."""
    costs = []
    for _ in range(2):
        with Profiler() as profiler:
            fib(6)
        costs.append(profiler.tree.costs)
    assert costs[0] == costs[1]
    assert costs[0].inside + costs[0].outside > 0


def test_none_of_our_frames_are_shown() -> None:
    """The profiler's own functions are in no tree."""
    profiler = Profiler()
    profiler.start()
    profiler.is_running  # noqa: B018 -- a call of ours while it runs
    profiler.stop()
    files = {row.code.filename for row in profiler.tree.functions()}
    assert [name for name in files if "frametools/profile/" in name] == []


def test_it_can_be_used_again() -> None:
    """Uses add up, until clear."""
    profiler = Profiler()
    for _ in range(3):
        with profiler:
            fib(6)
    assert calls_of(profiler, "fib") == [75]
    for _ in range(40):
        with profiler:
            fib(1)
    assert calls_of(profiler, "fib") == [115]
    profiler.clear()
    assert profiler.tree == CallTree()


def test_stop_without_start() -> None:
    """Does nothing; start, stop, stop neither."""
    profiler = Profiler()
    profiler.stop()
    profiler.start()
    profiler.stop()
    profiler.stop()
    assert not profiler.is_running


def test_overlapping_uses_count_as_one() -> None:
    """It stops with the last of them."""
    profiler = Profiler()
    with profiler:
        with profiler:
            fib(1)
        assert profiler.is_running
        fib(1)
    assert calls_of(profiler, "fib") == [2]


def test_decorated_function() -> None:
    """A decorated function keeps its name and its result."""
    profiler = Profiler()

    @profiler
    def work(n: int) -> int:
        """Say what it does."""
        return fib(n)

    assert [work(6), work(5)] == [8, 5]
    assert (work.__name__, work.__doc__) == ("work", "Say what it does.")
    assert calls_of(profiler, "fib") == [40]
    assert not profiler.is_running


def test_decorated_function_that_raises() -> None:
    """The exception goes through, and the profiler stops."""
    profiler = Profiler()

    @profiler
    def work() -> None:
        raise KeyError("gone")

    with pytest.raises(KeyError):
        work()
    assert not profiler.is_running


def test_decorated_coroutine() -> None:
    """On from its first step to its last; a sleep is await time."""
    profiler = Profiler()

    @profiler
    async def work(n: int) -> int:
        await asyncio.sleep(0.001)
        return fib(n)

    assert asyncio.run(work(6)) == 8
    assert inspect.iscoroutinefunction(work)
    assert calls_of(profiler, "fib") == [25]
    rows = {row.code.qualname: row for row in profiler.tree.functions()}
    (name,) = [name for name in rows if name.endswith("work")]
    assert rows[name].awaited > 900_000


def test_decorated_generator() -> None:
    """Values, sent values and the result pass through."""
    profiler = Profiler()

    @profiler
    def count(n: int) -> Iterator[int]:
        got = yield fib(n)
        yield got or 0

    items: Any = count(6)
    assert (next(items), items.send(7)) == (8, 7)
    assert profiler.is_running
    items.close()
    assert not profiler.is_running
    assert calls_of(profiler, "fib") == [25]


def test_decorated_async_generator() -> None:
    """Its items pass through, and its own cleanup runs."""
    profiler = Profiler()

    @profiler
    async def count(n: int) -> AsyncIterator[int]:
        for i in range(n):
            yield fib(i)

    async def collect() -> list[int]:
        return [item async for item in count(4)]

    assert asyncio.run(collect()) == [0, 1, 1, 2]
    assert calls_of(profiler, "fib") == [10]


def test_print_and_save(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The report of the command, and its data file."""
    with Profiler() as profiler:
        fib(6)
    profiler.print()
    assert "functions by self CPU" in capsys.readouterr().out
    out = StringIO()
    profiler.print(out, sort="calls", limit=1, raw=True)
    assert "functions by calls: 1 of" in out.getvalue()
    ascii_out = TextIOWrapper(BytesIO(), "ascii")
    profiler.print(ascii_out)
    profiler.save(str(tmp_path / "a.frames"))
    assert CallTree.load(tmp_path / "a.frames") == profiler.tree


def test_filters_and_c_calls() -> None:
    """The options of the command line."""
    with Profiler(include=("fib",), c_calls=True) as profiler:
        fib(3)
        len("x")
    assert calls_of(profiler, "fib", "test_filters_and_c_calls") == [5, 0]


def test_low() -> None:
    """Sampled times, exact counts."""
    with Profiler(low=True) as profiler:
        fib(6)
    assert profiler.tree.is_sampled
    assert calls_of(profiler, "fib") == [25]


def test_no_report_while_it_runs(tmp_path: Path) -> None:
    """print(), save() and tree want the end; the error says so."""
    with Profiler() as profiler:
        for ask in (
            profiler.print,
            lambda: profiler.save(str(tmp_path / "x.frames")),
            lambda: profiler.tree,
        ):
            with pytest.raises(RuntimeError) as caught:
                ask()
            assert str(caught.value) == "the profiler still runs; stop it first"
    assert sum(profiler.tree.calls)


def test_wrong_arguments() -> None:
    """A string is no tuple of globs, and a wrong sort key names the right ones."""
    with pytest.raises(TypeError, match="include takes a tuple of globs"):
        Profiler(include="app.py")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="exclude takes a tuple of globs"):
        Profiler(exclude="app.py")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"sort knows self, cum, .*; not 'bogus'"):
        Profiler().print(sort="bogus")


def test_save_leaves_other_files_alone(tmp_path: Path) -> None:
    """Only a data file is written over."""
    path = tmp_path / "notes.txt"
    path.write_text("mine")
    with pytest.raises(FileExistsError, match="is not a frametools data file"):
        Profiler().save(str(path))
    assert path.read_text() == "mine"
    path.unlink()
    Profiler().save(str(path))
    Profiler().save(str(path))


@pytest.mark.skipif(not hasattr(sys, "monitoring"), reason="needs sys.monitoring")
def test_no_tool_id_is_free() -> None:
    """MonitorError, and the profiler can be used later."""
    taken = [tool for tool in range(6) if sys.monitoring.get_tool(tool) is None]
    for tool in taken:
        sys.monitoring.use_tool_id(tool, "test")
    profiler = Profiler()
    with pytest.raises(MonitorError):
        profiler.start()
    assert not profiler.is_running
    for tool in taken:
        sys.monitoring.free_tool_id(tool)
    with profiler:
        fib(1)
    assert calls_of(profiler, "fib") == [1]


def test_public_names() -> None:
    """The package gives it out, and every other public name."""
    assert frametools.Profiler is Profiler
    for name in frametools.__all__:
        assert getattr(frametools, name) is not None
    assert set(frametools.__all__) <= set(dir(frametools))
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        frametools.nothing  # noqa: B018


def test_no_frame_is_kept() -> None:
    """And no frame is kept: what ran under the profiler dies as without it."""

    class Thing:
        pass

    def use() -> weakref.ref[Thing]:
        thing = Thing()
        return weakref.ref(thing)

    with Profiler(c_calls=True) as profiler:
        inside = use()
        assert inside() is None
    ref = weakref.ref(use)
    del use
    gc.collect()
    assert ref() is None
    assert len(profiler.tree) > 1
