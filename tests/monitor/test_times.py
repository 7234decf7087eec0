"""Times are true: wall, CPU and await, within generous bounds."""

from __future__ import annotations

import asyncio
import threading
import time

from frametools.calltree import CallTree

SECOND = 1_000_000_000


def burn(seconds):
    """Use that much CPU time in this thread."""
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass


def stats(builder, name):
    """Give the row of one function, nothing subtracted."""
    tree = CallTree.from_image(builder.image())
    (row,) = (r for r in tree.functions(raw=True) if r.code.qualname == name)
    return row


def test_four_threads(twin, observe):
    """Four threads of 0.1 s CPU each show 0.4 s, however they share the machine."""

    def four():
        threads = [threading.Thread(target=burn, args=(0.1,)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    row = stats(observe(twin.TreeBuilder, four), "burn")
    assert row.calls == 4
    assert 0.38 * SECOND < row.cum_cpu < 0.55 * SECOND
    assert row.cum_wall >= row.cum_cpu


def test_a_sleeping_function(twin, observe):
    """Sleep is wall time and no CPU time."""

    def sleeper():
        time.sleep(0.05)

    row = stats(observe(twin.TreeBuilder, sleeper), sleeper.__qualname__)
    assert row.cum_wall >= 0.05 * SECOND
    assert row.cum_cpu < 0.02 * SECOND


def test_a_thread_that_waits_at_the_end(twin, observing):
    """A thread that is blocked when the run ends has waited, not worked."""
    begun, end = threading.Event(), threading.Event()

    def waiter():
        begun.set()
        end.wait()

    thread = threading.Thread(target=waiter)
    with observing(twin.TreeBuilder) as builder:
        thread.start()
        begun.wait()
        time.sleep(0.3)
    end.set()
    thread.join()
    row = stats(builder, waiter.__qualname__)
    assert row.cum_wall >= 0.3 * SECOND
    assert row.cum_cpu < 0.1 * SECOND


def test_a_sleeping_coroutine(twin, observe):
    """A coroutine that sleeps shows await time, hardly any wall and no CPU."""

    async def nap():
        await asyncio.sleep(0.05)

    def run():
        asyncio.run(nap())

    row = stats(observe(twin.TreeBuilder, run), nap.__qualname__)
    assert (row.calls, row.resumes) == (1, 1)
    # The clock of the sleep starts while the coroutine still runs.
    assert row.awaited + row.cum_wall >= 0.049 * SECOND
    assert row.awaited >= 0.03 * SECOND
    assert row.cum_wall < 0.03 * SECOND
    assert row.cum_cpu < 0.03 * SECOND


def test_a_coroutine_that_still_waits(twin, observe):
    """What waits at the end has waited until then."""

    class Forever:
        def __await__(self):
            yield

    async def waiter():
        await Forever()

    coroutine = waiter()

    def run():
        coroutine.send(None)
        time.sleep(0.02)

    row = stats(observe(twin.TreeBuilder, run), waiter.__qualname__)
    coroutine.close()
    assert row.awaited >= 0.02 * SECOND


def test_a_generator_awaits_nothing(twin, observe):
    """Between its items a generator is not waiting for anything."""

    def items():
        yield 1
        yield 2

    def run():
        for _ in items():
            time.sleep(0.01)

    row = stats(observe(twin.TreeBuilder, run), items.__qualname__)
    assert row.awaited == 0
    assert row.cum_wall < 0.01 * SECOND


def test_self_times_add_up(twin, load_program, observe):
    """Self times of all functions make up the time of the outermost."""
    main = load_program("recursion").main
    tree = CallTree.from_image(observe(twin.TreeBuilder, main).image())
    rows = tree.functions(raw=True)
    whole = next(row for row in rows if row.code.qualname == "main")
    inside = [row for row in rows if row.code.qualname in {"main", "fib"}]
    assert sum(row.self_wall for row in inside) == whole.cum_wall


def test_sampled_times(twin, observe):
    """Sampled times find the function that runs; counts are exact all the same."""

    def leaf():
        return 1

    def busy():
        end = time.thread_time() + 0.2
        while time.thread_time() < end:
            leaf()

    builder = observe(twin.TreeBuilder, busy, sampled=True)
    tree = CallTree.from_image(builder.image())
    rows = {row.code.qualname: row for row in tree.functions(raw=True)}
    spent = sum(row.self_wall for row in rows.values())
    assert tree.is_sampled
    assert spent > 0.1 * SECOND
    assert rows[busy.__qualname__].calls == 1
    assert rows[leaf.__qualname__].calls > 1000


def test_header_times(twin, observe):
    """The header has how long it took, on the wall and in CPU time."""
    tree = CallTree.from_image(observe(twin.TreeBuilder, lambda: burn(0.02)).image())
    assert tree.wall_ns >= 0.02 * SECOND
    assert tree.cpu_ns >= 0.019 * SECOND
    assert abs(tree.start_unix_ns - time.time_ns()) < 3600 * SECOND
