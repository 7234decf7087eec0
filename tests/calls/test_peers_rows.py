"""What other tools for logging calls get wrong, and no other test here asks."""

from __future__ import annotations

import asyncio
import copy
import gc
import inspect
import pickle
import sys
import threading
import traceback
import types
from collections.abc import AsyncIterator, Callable, Iterator
from functools import partial
from typing import Any
from weakref import ref

import pytest

from frametools.calls import log_calls


def test_an_error_of_a_coroutine(lines: list[str]) -> None:
    """It is written where it leaves, after what it waited for."""

    @log_calls(sink=lines.append)
    async def fetch(key: str) -> str:
        await asyncio.sleep(0)
        raise KeyError(key)

    with pytest.raises(KeyError):
        asyncio.run(fetch("a"))
    assert lines == [
        "→ fetch('a')",
        "⏸ fetch('a')",
        "⏵ fetch('a')",
        "✗ fetch('a') raised KeyError('a')",
    ]


def test_an_error_of_an_async_generator(lines: list[str]) -> None:
    """It is written too, after what was yielded."""

    @log_calls(sink=lines.append)
    async def ticks() -> AsyncIterator[int]:
        yield 1
        raise KeyError("a")

    async def main() -> None:
        async for _ in ticks():
            pass

    with pytest.raises(KeyError):
        asyncio.run(main())
    assert lines == [
        "→ ticks()",
        "⏸ ticks() yielded 1",
        "⏵ ticks()",
        "✗ ticks() raised KeyError('a')",
    ]


def plain(n: int) -> int:
    """Do nothing that waits."""
    return n


def generator(n: int) -> Iterator[int]:
    """Yield."""
    yield n


async def coroutine(n: int) -> int:
    """Return when awaited."""
    return n


async def async_generator(n: int) -> AsyncIterator[int]:
    """Yield when asked."""
    yield n


KINDS = [plain, generator, coroutine, async_generator]


@pytest.mark.parametrize("function", KINDS, ids=lambda each: each.__name__)
def test_each_kind_is_told_as_before(
    lines: list[str], function: Callable[..., Any]
) -> None:
    """`inspect` says of a logged function what it says of the function."""
    asked: list[Callable[..., Any]] = [
        inspect.isfunction,
        inspect.isgeneratorfunction,
        inspect.iscoroutinefunction,
        inspect.isasyncgenfunction,
        inspect.signature,
        inspect.getdoc,
        inspect.getsource,
    ]
    before = [ask(function) for ask in asked]
    logged = log_calls(function, sink=lines.append)
    assert [ask(logged) for ask in asked[1:]] == before[1:]
    assert isinstance(logged, types.FunctionType)
    log_calls.off(logged)


def test_depth_of_threads_that_take_turns(lines: list[str]) -> None:
    """What runs in one thread indents nothing in another; the targets are logged."""
    turns = [threading.Event() for _ in range(4)]

    @log_calls(sink=lines.append, result=False)
    def outer(mine: int) -> None:
        turns[mine].wait()
        inner(mine)
        turns[mine + 1].set()
        turns[mine + 2].wait()

    @log_calls(sink=lines.append, result=False)
    def inner(mine: int) -> None:
        pass

    threads = [threading.Thread(target=outer, args=(n,), name=f"t{n}") for n in (0, 1)]
    for thread in threads:
        thread.start()
    turns[0].set()
    turns[2].wait()
    turns[3].set()
    for thread in threads:
        thread.join()
    told = [line.partition("] ")[2] or line for line in lines]
    assert sorted(told) == sorted(
        text
        for n in (0, 1)
        for text in (
            f"→ outer({n})",
            f"  → inner({n})",
            f"  ← inner({n})",
            f"← outer({n})",
        )
    )


def test_a_traceback_has_no_frame_more(lines: list[str], backend: str) -> None:
    """Where there are events; a wrapper has one for each call."""

    @log_calls(sink=lines.append)
    def fails(n: int, by: int) -> int:
        return fails(n - 1, by) if n else 1 // by

    fails(0, 1)  # at first there is one more, which generates the wrapper
    with pytest.raises(ZeroDivisionError) as caught:
        fails(2, 0)
    names = [each.name for each in traceback.extract_tb(caught.value.__traceback__)]
    ours = [] if backend == "monitoring" else ["logged"]
    assert names[1:] == [*ours, "fails"] * 3


def make_values(kind: str, value: object) -> Any:
    """Give what runs to its end when it is called."""

    def as_generator(held: object) -> Iterator[object]:
        yield held

    async def as_coroutine(held: object) -> object:
        await asyncio.sleep(0)
        return held

    async def as_async_generator(held: object) -> AsyncIterator[object]:
        yield held

    async def ends(logged: Any) -> None:
        async for _ in logged(value):
            pass

    if kind == "generator":
        return as_generator, lambda logged: list(logged(value))
    if kind == "coroutine":
        return as_coroutine, lambda logged: asyncio.run(logged(value))
    return as_async_generator, lambda logged: asyncio.run(ends(logged))


class Value:
    """What is given, yielded and returned."""


@pytest.mark.parametrize("kind", ["generator", "coroutine", "async generator"])
def test_what_waits_keeps_nothing(lines: list[str], kind: str) -> None:
    """Once a generator or coroutine has ended, its values die without the collector."""
    value = Value()
    watched = ref(value)
    function, run = make_values(kind, value)
    logged = log_calls(function, sink=lines.append)
    run(logged)
    assert any("Value object" in line for line in lines)
    gc.collect()  # of asyncio's own cycles
    gc.disable()
    try:
        del value, run
        assert watched() is None
    finally:
        gc.enable()


def test_callables_without_code(lines: list[str]) -> None:
    """An object that can be called, a partial, a method of a builtin type."""

    class Adds:
        def __call__(self, a: int, b: int) -> int:
            return a + b

    log = log_calls(sink=lines.append)
    assert log(Adds())(1, 2) == 3
    assert log(partial(pow, 2))(5) == 32
    assert log("a-b".split)("-") == ["a", "b"]
    assert [line.partition("(")[2] for line in lines if "←" in line] == [
        "1, 2) = 3",
        "5) = 32",
        "'-') = ['a', 'b']",
    ]


def test_a_logged_builtin_pickles(lines: list[str]) -> None:
    """And is copied: `multiprocessing` sends it."""
    logged = log_calls(len, sink=lines.append)
    assert copy.deepcopy(logged) is logged
    assert pickle.loads(pickle.dumps(logged, 4)).__wrapped__ is len


def test_the_programs_profiler_sees_the_function(lines: list[str]) -> None:
    """And it is still there afterwards."""
    seen: list[str] = []

    def profile(frame: types.FrameType, event: str, _arg: object) -> None:
        if frame.f_code is plain.__code__:
            seen.append(event)

    with log_calls.active(plain, sink=lines.append):
        before = sys.getprofile()
        sys.setprofile(profile)
        plain(1)
        still = sys.getprofile()
        sys.setprofile(before)
    assert seen == ["call", "return"]
    assert still is profile
    assert len(lines) == 2


def test_a_class_of_every_kind(lines: list[str]) -> None:
    """Generators and coroutines that are methods are those of the class too."""

    @log_calls(sink=lines.append, suspends=False)
    class Shop:
        def items(self) -> Iterator[int]:
            yield 1

        async def buy(self) -> int:
            return 2

        async def offers(self) -> AsyncIterator[int]:
            yield 3

        @property
        def price(self) -> int:
            return 4

        @price.setter
        def price(self, value: int) -> None:
            pass

    async def main() -> list[int]:
        return [await shop.buy(), *[each async for each in shop.offers()]]

    shop = Shop()
    assert [*shop.items(), *asyncio.run(main()), shop.price] == [1, 2, 3, 4]
    shop.price = 5
    assert [line.rpartition("] ")[2] for line in lines if "→" in line] == [
        "→ Shop.items()",
        "→ Shop.buy()",
        "→ Shop.offers()",
        "→ Shop.price()",
        "→ Shop.price(5)",
    ]
