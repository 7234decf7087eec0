"""What is logged: functions of every kind, in the words of the seed."""

from __future__ import annotations

import asyncio
import copy
import functools
import inspect
import pickle
import sys
import threading
import traceback
from collections.abc import AsyncIterator, Callable, Generator, Iterator
from typing import Any

import pytest

from frametools._python import CLOSES_UNGUARDED_UNSEEN
from frametools.calls import log_calls


def test_the_seed(lines: list[str]) -> None:
    """Indentation is the depth of logged calls; the text is that of seeds/003."""

    @log_calls(sink=lines.append)
    def factorial(n: int) -> int:
        return 1 if n <= 1 else n * factorial(n - 1)

    assert factorial(4) == 24
    assert lines == [
        "→ factorial(4)",
        "  → factorial(3)",
        "    → factorial(2)",
        "      → factorial(1)",
        "      ← factorial(1) = 1",
        "    ← factorial(2) = 2",
        "  ← factorial(3) = 6",
        "← factorial(4) = 24",
    ]


def test_exceptions(lines: list[str]) -> None:
    """What leaves a call is written, and goes on as if nobody had looked."""

    @log_calls(sink=lines.append)
    def outer(text: str) -> int:
        try:
            return inner(text)
        except ValueError:
            return -1

    @log_calls(sink=lines.append)
    def inner(text: str) -> int:
        return int(text)

    assert outer("x") == -1
    error = "ValueError(\"invalid literal for int() with base 10: 'x'\")"
    assert lines == [
        "→ outer('x')",
        "  → inner('x')",
        f"  ✗ inner('x') raised {error}",
        "← outer('x') = -1",
    ]


def test_arguments(lines: list[str]) -> None:
    """Parameters with a default are named; with *args what comes before is not."""

    @log_calls(sink=lines.append, result=False)
    def f(a: Any, b: Any = 2, *rest: Any, c: Any, **more: Any) -> None:
        pass

    f(1, c=3)
    f(1, 5, 6, c=3, d=4)
    f(b=5, a=1, c="x")
    assert lines[::2] == [
        "→ f(1, b=2, c=3)",
        "→ f(1, 5, 6, c=3, d=4)",
        "→ f(1, b=5, c='x')",
    ]
    assert lines[1] == "← f(1, b=2, c=3)"


def test_arguments_are_those_of_the_entry(lines: list[str]) -> None:
    """What the function does to its parameters is not seen."""

    @log_calls(sink=lines.append)
    def f(items: list[int], n: int) -> int:
        items.append(1)
        n += 1
        return n

    f([], 1)
    assert lines == ["→ f([], 1)", "← f([], 1) = 2"]


def test_closures(lines: list[str]) -> None:
    """A parameter that an inner function uses, and the inner function itself."""

    def outer(a: int) -> Callable[[int], int]:
        @log_calls(sink=lines.append)
        def inner(b: int) -> int:
            return sum(a + n for n in [b])

        return inner

    assert outer(1)(2) == 3
    assert lines == ["→ inner(2)", "← inner(2) = 3"]


def test_a_class(lines: list[str]) -> None:
    """Methods of each kind, properties and nested classes; the class stays itself."""

    class Shape:
        def __init__(self, side: int) -> None:
            self.side = side

        @property
        def area(self) -> int:
            return self.side**2

        @functools.cached_property
        def edge(self) -> int:
            return self.side * 4

        @classmethod
        def unit(cls) -> Shape:
            return cls(1)

        @staticmethod
        def corners(n: int = 4) -> int:
            return n

        class Colour:
            def name(self) -> str:
                return "red"

    assert log_calls(Shape, sink=lines.append) is Shape
    shape = Shape.unit()
    assert (shape.area, shape.edge, shape.corners()) == (1, 4, 4)
    assert Shape.Colour().name() == "red"
    assert shape.__dict__ == {"side": 1, "edge": 4}
    assert [line for line in lines if "→" in line] == [
        "→ Shape.unit()",
        "  → Shape.__init__(1)",
        "→ Shape.area()",
        "→ Shape.edge()",
        "→ Shape.corners(n=4)",
        "→ Shape.Colour.name()",
    ]


def test_above_descriptors(lines: list[str]) -> None:
    """The decorator may stand above `classmethod`, `staticmethod` and `property`."""
    log = log_calls(sink=lines.append)

    class Shape:
        @log
        @classmethod
        def make(cls, n: int) -> int:
            return n

        @log
        @staticmethod
        def corners(n: int) -> int:
            return n

        @log  # type: ignore[prop-decorator]
        @property
        def area(self) -> int:
            """Say how large it is."""
            return 3

    assert (Shape.make(1), Shape.corners(2), Shape().area) == (1, 2, 3)
    assert Shape.area.__doc__ == "Say how large it is."
    assert [line for line in lines if "→" in line] == [
        "→ Shape.make(1)",
        "→ Shape.corners(2)",
        "→ Shape.area()",
    ]


def test_generators(lines: list[str]) -> None:
    """What is yielded is written; values that are sent, and the result, arrive."""

    @log_calls(sink=lines.append)
    def count(n: int) -> Generator[Any, Any, str]:
        got = yield n
        yield got
        return "end"

    generator = count(1)
    assert lines == []
    assert (next(generator), generator.send("sent")) == (1, "sent")
    with pytest.raises(StopIteration) as stop:
        next(generator)
    assert stop.value.value == "end"
    assert lines == [
        "→ count(1)",
        "⏸ count(1) yielded 1",
        "⏵ count(1) sent 'sent'",
        "⏸ count(1) yielded 'sent'",
        "⏵ count(1)",
        "← count(1) = 'end'",
    ]


def test_generators_that_are_thrown_into(lines: list[str]) -> None:
    """What is thrown is written; `close` goes on to the end of `finally`."""

    @log_calls(sink=lines.append)
    def count() -> Iterator[int]:
        try:
            yield 1
        except KeyError:
            yield 2
        finally:
            lines.append("finally")

    generator = count()
    next(generator)
    assert generator.throw(KeyError("x")) == 2  # type: ignore[attr-defined]
    generator.close()  # type: ignore[attr-defined]
    assert lines == [
        "→ count()",
        "⏸ count() yielded 1",
        "⏵ count() thrown KeyError('x')",
        "⏸ count() yielded 2",
        "⏵ count() thrown GeneratorExit()",
        "finally",
        "✗ count() raised GeneratorExit()",
    ]


def test_close_at_a_plain_yield(lines: list[str], backend: str) -> None:
    """On 3.13 such a generator runs nothing, and events say nothing (gh-140373)."""

    @log_calls(sink=lines.append)
    def count() -> Iterator[int]:
        yield 1

    generator = count()
    next(generator)
    generator.close()  # type: ignore[attr-defined]
    is_silent = CLOSES_UNGUARDED_UNSEEN and backend == "monitoring"
    end = ["⏵ count() thrown GeneratorExit()", "✗ count() raised GeneratorExit()"]
    assert lines[2:] == ([] if is_silent else end)


def test_generators_side_by_side(lines: list[str]) -> None:
    """A suspended generator is not on the stack: depth counts what runs."""

    @log_calls(sink=lines.append, suspends=False)
    def count(name: str) -> Iterator[int]:
        yield 1
        yield 2

    pairs = zip(count("a"), count("b"), strict=True)
    assert list(pairs) == [(1, 1), (2, 2)]
    assert [line for line in lines if line.startswith(" ")] == []


def test_coroutines(lines: list[str]) -> None:
    """The awaited value is the result; tasks have depths of their own, and names."""

    @log_calls(sink=lines.append)
    async def leaf(tag: str) -> str:
        await asyncio.sleep(0)
        return tag

    @log_calls(sink=lines.append)
    async def root(tag: str) -> str:
        return await leaf(tag)

    async def main() -> list[str]:
        tasks = [asyncio.create_task(root(tag), name=f"task {tag}") for tag in "ab"]
        return list(await asyncio.gather(*tasks))

    assert inspect.iscoroutinefunction(root)
    assert asyncio.run(main()) == ["a", "b"]
    ours = [line for line in lines if "'b'" in line]
    assert ours == [
        "[task b; before: task a] → root('b')",
        "[task b]   → leaf('b')",
        "[task b]   ⏸ leaf('b')",
        "[task b] ⏸ root('b')",
        "[task b] ⏵ root('b')",
        "[task b]   ⏵ leaf('b')",
        "[task b]   ← leaf('b') = 'b'",
        "[task b] ← root('b') = 'b'",
    ]
    assert lines[0] == "→ root('a')"


def test_exceptions_of_coroutines(lines: list[str]) -> None:
    """Cancellation is thrown in, and leaves."""

    @log_calls(sink=lines.append, suspends=False)
    async def sleeps() -> None:
        await asyncio.sleep(3600)

    async def main() -> None:
        task = asyncio.create_task(sleeps())
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())
    assert lines == ["→ sleeps()", "✗ sleeps() raised CancelledError()"]


def test_async_generators(lines: list[str]) -> None:
    """The values that it yields are written, what it awaits is not."""

    @log_calls(sink=lines.append)
    async def ticks(n: int) -> AsyncIterator[int]:
        for i in range(n):
            await asyncio.sleep(0)
            yield i

    async def main() -> list[int]:
        return [tick async for tick in ticks(1)]

    assert asyncio.run(main()) == [0]
    assert lines == [
        "→ ticks(1)",
        "⏸ ticks(1)",
        "⏵ ticks(1)",
        "⏸ ticks(1) yielded 0",
        "⏵ ticks(1)",
        "← ticks(1) = None",
    ]


def test_closing_an_async_generator(lines: list[str]) -> None:
    """`aclose` and `athrow` are written as a generator's are."""

    @log_calls(sink=lines.append)
    async def ticks() -> AsyncIterator[int]:
        try:
            yield 1
        except KeyError:
            yield 2

    async def main() -> None:
        generator: Any = ticks()
        await generator.asend(None)
        assert await generator.athrow(KeyError("x")) == 2
        await generator.aclose()

    asyncio.run(main())
    assert lines[2:4] == [
        "⏵ ticks() thrown KeyError('x')",
        "⏸ ticks() yielded 2",
    ]


def test_threads(lines: list[str]) -> None:
    """Each has its own depth; names stand there once several speak."""
    inside, done = threading.Event(), threading.Event()

    @log_calls(sink=lines.append)
    def outer() -> None:
        inside.set()
        done.wait()

    @log_calls(sink=lines.append)
    def other() -> None:
        pass

    thread = threading.Thread(target=outer, name="worker")
    thread.start()
    inside.wait()
    other()
    done.set()
    thread.join()
    assert lines == [
        "→ outer()",
        "[MainThread; before: worker] → other()",
        "[MainThread] ← other() = None",
        "[worker] ← outer() = None",
    ]


def test_builtins(lines: list[str]) -> None:
    """What has no code is wrapped; it still looks and works as before."""
    logged = log_calls(len, sink=lines.append)
    assert logged([1, 2]) == 2
    assert logged.__name__ == "len"
    with pytest.raises(TypeError, match="has no len"):
        logged(3)  # type: ignore[arg-type]
    assert lines[:2] == ["→ len([1, 2])", "← len([1, 2]) = 2"]
    assert lines[3].startswith("✗ len(3) raised TypeError(")


def test_wrong_arguments(lines: list[str]) -> None:
    """A call that does not begin is not logged, and its error is Python's."""

    @log_calls(sink=lines.append)
    def f(a: int) -> int:
        return a

    with pytest.raises(TypeError, match=r"f\(\) missing 1 required positional"):
        f()  # type: ignore[call-arg]
    assert lines == []


def module_level(a: int, b: int = 2) -> int:
    """Add."""
    return a + b


def test_it_stays_what_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """Signature, name, documentation, pickle and copies are those of the function."""
    logged = log_calls(module_level, sink=str)
    monkeypatch.setattr(sys.modules[__name__], "module_level", logged)
    assert str(inspect.signature(module_level)) == "(a: 'int', b: 'int' = 2) -> 'int'"
    assert module_level.__doc__ == "Add."
    assert module_level.__qualname__ == "module_level"
    assert pickle.loads(pickle.dumps(module_level)) is module_level
    assert copy.deepcopy(module_level) is module_level


def test_no_function_is_touched(lines: list[str], backend: str) -> None:
    """From 3.12 on the same function is returned, and no frame of ours is about."""

    def f() -> list[str]:
        return [frame.name for frame in traceback.extract_stack()[-2:]]

    logged = log_calls(f, sink=lines.append)
    assert (logged is f) is (backend == "monitoring")
    if backend == "monitoring":
        assert f() == ["test_no_function_is_touched", "f"]


def test_a_functions_own_decorators(lines: list[str]) -> None:
    """Of a decorated function the innermost is logged: its wrapper is others' too."""

    def twice(function: Callable[[int], int]) -> Callable[[int], int]:
        @functools.wraps(function)
        def wrapper(n: int) -> int:
            return 2 * function(n)

        return wrapper

    @twice
    def f(n: int) -> int:
        return n

    @twice
    def g(n: int) -> int:
        return n

    logged = log_calls(f, sink=lines.append)
    assert (logged(1), g(1)) == (2, 2)
    assert len(lines) == 2
    assert lines[0] == "→ f(1)"


@pytest.mark.skipif(sys.version_info < (3, 12), reason="wrappers take levels")
@pytest.mark.parametrize("backend", ["monitoring"], indirect=True)
def test_recursion(lines: list[str]) -> None:
    """No level of recursion is taken: where it ends without us, it ends with us."""

    def down(n: int) -> int:
        return 0 if n == 0 else 1 + down(n - 1)

    def deepest() -> int:
        low, high = 1, sys.getrecursionlimit()
        while low < high:
            middle = (low + high + 1) // 2
            try:
                down(middle)
                low = middle
            except RecursionError:
                high = middle - 1
        return low

    plain = deepest()
    log_calls(down, sink=lines.append)
    assert plain - deepest() <= (0 if _has_guard() else 15)
    assert lines[0].startswith("→ down(")


def _has_guard() -> bool:
    from frametools.monitor._twin import NAME

    return NAME == "c"
