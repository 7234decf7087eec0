"""Generators, coroutines and async generators of wrapped functions, step by step.

Each is a proxy: a step of the inner one begins or goes on, and ends, fails or waits.
"""

from __future__ import annotations

from types import AsyncGeneratorType, CoroutineType
from typing import TYPE_CHECKING, Any

import wrapt

from frametools.calls import flow
from frametools.calls.stacks import Call, my_stack

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from frametools.calls.functions import Function


class Steps:
    """What is told of the steps of one generator."""

    def __init__(
        self,
        function: Function,
        values: Mapping[str, Any],
        contained: Callable[..., Any],
    ) -> None:
        self._function = function
        self._values: Mapping[str, Any] | None = values
        self._contained = contained
        self._call: Call | None = None

    def go(self, thrown: BaseException | None = None) -> None:
        """Tell that it begins or goes on."""
        values, self._values = self._values, None
        if values is not None and thrown is None:
            self._tell(flow.begin, values)
        else:
            self._tell(flow.resume, self._call, thrown)

    def wait(self, value: object, *, is_await: bool) -> None:
        """Tell that it waits."""
        stack = my_stack()
        self._call = self._contained(
            stack, _suspend, self._function, stack, value, is_await
        )

    def end(self, result: object) -> None:
        """Tell that it returns."""
        self._tell(flow.end, result)

    def fail(self, error: BaseException) -> None:
        """Tell that an exception leaves it."""
        self._tell(flow.fail, error)

    def _tell(self, action: Callable[..., None], *args: Any) -> None:
        stack = my_stack()
        self._contained(stack, action, self._function, stack, *args)

    def step(
        self,
        action: Callable[[], Any],
        *,
        is_await: bool,
        thrown: BaseException | None = None,
    ) -> Any:
        """Make one step, and tell what became of it."""
        self.go(thrown)
        try:
            value = action()
        except StopIteration as stop:
            self.end(stop.value)
            raise
        except BaseException as error:
            self.fail(error)
            raise
        self.wait(value, is_await=is_await)
        return value


def _suspend(
    function: Function, stack: Any, value: object, is_await: bool
) -> Call | None:
    return flow.suspend(function, stack, value, is_await=is_await)


def stepped(inner: Any, steps: Steps) -> Any:
    """Return what stands for a generator, coroutine or async generator."""
    if isinstance(inner, AsyncGeneratorType):
        return _AsyncGenerator(inner, steps)
    return _Generator(inner, steps)


def _thrown(args: tuple[Any, ...]) -> BaseException:
    error = args[0] if len(args) == 1 or args[1] is None else args[1]
    return error() if isinstance(error, type) else error  # type: ignore[no-any-return]


class _Generator(wrapt.ObjectProxy):  # type: ignore[type-arg]
    def __init__(self, inner: Any, steps: Steps) -> None:
        super().__init__(inner)
        self._self_steps = steps
        self._self_awaits = isinstance(inner, CoroutineType)

    def __iter__(self) -> Any:
        return self

    def __await__(self) -> Any:
        return self

    def __next__(self) -> Any:
        return self.send(None)

    def send(self, value: Any) -> Any:
        inner: Any = self.__wrapped__
        return self._self_steps.step(
            lambda: inner.send(value), is_await=self._self_awaits
        )

    def throw(self, *args: Any) -> Any:
        inner: Any = self.__wrapped__
        return self._self_steps.step(
            lambda: inner.throw(*args),
            is_await=self._self_awaits,
            thrown=_thrown(args),
        )

    def close(self) -> Any:
        inner: Any = self.__wrapped__
        if not _is_suspended(inner):
            return inner.close()
        steps = self._self_steps
        steps.go(GeneratorExit())
        try:
            result = inner.close()
        except BaseException as error:
            steps.fail(error)
            raise
        steps.fail(GeneratorExit())
        return result


def _is_suspended(inner: Any) -> bool:
    from inspect import (
        CORO_SUSPENDED,
        GEN_SUSPENDED,
        getcoroutinestate,
        getgeneratorstate,
    )

    if isinstance(inner, CoroutineType):
        return getcoroutinestate(inner) == CORO_SUSPENDED
    return getgeneratorstate(inner) == GEN_SUSPENDED


class _AsyncGenerator(wrapt.ObjectProxy):  # type: ignore[type-arg]
    def __init__(self, inner: Any, steps: Steps) -> None:
        super().__init__(inner)
        self._self_steps = steps

    def __aiter__(self) -> Any:
        return self

    def __anext__(self) -> Any:
        return _AsyncStep(self.__wrapped__.__anext__(), self._self_steps)

    def asend(self, value: Any) -> Any:
        return _AsyncStep(self.__wrapped__.asend(value), self._self_steps)

    def athrow(self, *args: Any) -> Any:
        inner = self.__wrapped__.athrow(*args)
        return _AsyncStep(inner, self._self_steps, _thrown(args))

    def aclose(self) -> Any:
        inner: Any = self.__wrapped__
        if inner.ag_frame is None or inner.ag_frame.f_lasti < 0:
            return inner.aclose()
        return _AsyncStep(inner.aclose(), self._self_steps, GeneratorExit())


class _AsyncStep(wrapt.ObjectProxy):  # type: ignore[type-arg]
    """What `asend` and its kin return: awaited, it steps the async generator on."""

    def __init__(
        self, inner: Any, steps: Steps, thrown: BaseException | None = None
    ) -> None:
        super().__init__(inner)
        self._self_steps = steps
        self._self_thrown = thrown

    def __await__(self) -> Any:
        return self

    def __iter__(self) -> Any:
        return self

    def __next__(self) -> Any:
        return self.send(None)

    def send(self, value: Any) -> Any:
        inner: Any = self.__wrapped__
        return self._step(lambda: inner.send(value), self._self_thrown)

    def throw(self, *args: Any) -> Any:
        inner: Any = self.__wrapped__
        return self._step(lambda: inner.throw(*args), _thrown(args))

    def _step(self, action: Callable[[], Any], thrown: BaseException | None) -> Any:
        """Make one step: an await, or the end of the way to a `yield` or return."""
        steps, closes = self._self_steps, type(self._self_thrown) is GeneratorExit
        self._self_thrown = None
        steps.go(thrown)
        try:
            value = action()
        except StopIteration as stop:
            if closes:
                steps.fail(GeneratorExit())
            else:
                steps.wait(stop.value, is_await=False)
            raise
        except StopAsyncIteration:
            steps.end(None)
            raise
        except BaseException as error:
            steps.fail(error)
            raise
        steps.wait(value, is_await=True)
        self._self_thrown = None
        return value
