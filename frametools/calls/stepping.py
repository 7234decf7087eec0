"""Generators, coroutines and async generators of wrapped functions, step by step.

Each is a proxy: a step of the inner one begins or goes on, and ends, fails or waits.
"""

from __future__ import annotations

from contextlib import _AsyncGeneratorContextManager, _GeneratorContextManager
from functools import partial
from types import AsyncGeneratorType, CoroutineType, GeneratorType
from typing import TYPE_CHECKING, Any

import wrapt

from frametools.calls import flow
from frametools.calls.stacks import Call, my_stack

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from frametools.calls.functions import Function


_FRAMES = {
    GeneratorType: "gi_frame",
    CoroutineType: "cr_frame",
    AsyncGeneratorType: "ag_frame",
}
_MANAGERS = _GeneratorContextManager, _AsyncGeneratorContextManager
_STEPPED = tuple(_FRAMES)


class Steps:
    """What is told of the steps of one generator."""

    def __init__(
        self, function: Function, values: Mapping[str, Any], inner: Any
    ) -> None:
        self._function = function
        self._inner = inner
        self._values: Mapping[str, Any] | None = values
        self._call: Call | None = None

    @property
    def is_over(self) -> bool:
        """Tell if it has ended, or was closed: asked again, it makes no step."""
        name = _FRAMES.get(type(self._inner))
        return name is not None and getattr(self._inner, name) is None

    def go(self, thrown: BaseException | None = None, sent: object = None) -> None:
        """Tell that it begins or goes on."""
        values, self._values = self._values, None
        if values is not None and thrown is None:
            self._tell(flow.begin, values)
        else:
            self._tell(flow.resume, self._call, thrown, sent)

    def wait(self, value: object, *, is_await: bool) -> None:
        """Tell that it waits."""
        suspend = partial(flow.suspend, is_await=is_await)
        self._call = flow.contained(suspend, self._function, my_stack(), value)

    def end(self, result: object) -> None:
        """Tell that it returns."""
        self._tell(flow.end, result)

    def fail(self, error: BaseException) -> None:
        """Tell that an exception leaves it."""
        self._tell(flow.fail, error)

    def _tell(self, action: Callable[..., None], *args: Any) -> None:
        flow.contained(action, self._function, my_stack(), *args)

    def step(
        self,
        action: Callable[[], Any],
        *,
        is_await: bool,
        thrown: BaseException | None = None,
        sent: object = None,
    ) -> Any:
        """Make one step, and tell what became of it."""
        if self.is_over:
            return action()
        self.go(thrown, sent)
        del thrown, sent  # else an exception has this frame, which has them
        try:
            value = action()
        except StopIteration as stop:
            self.end(stop.value)
            raise
        except BaseException as error:
            self.fail(error)
            raise
        finally:
            del action
        self.wait(value, is_await=is_await)
        return value


def stepped(function: Function, values: Mapping[str, Any], inner: Any) -> Any:
    """Return what stands for a generator, coroutine or async generator; else None.

    A context manager that `contextlib` has made of a generator stays itself: the
    generator that it has is replaced.
    """
    if isinstance(inner, _MANAGERS):
        inner.gen = stepped(function, values, inner.gen)
        make = inner.func

        def again(*args: Any, **kwargs: Any) -> Any:  # for each call, as a decorator
            return stepped(function, values, make(*args, **kwargs))

        inner.func = again
        return inner
    steps = Steps(function, values, inner)
    if isinstance(inner, AsyncGeneratorType):
        return _AsyncGenerator(inner, steps)
    return _Generator(inner, steps) if isinstance(inner, _STEPPED) else None


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
        awaits = self._self_awaits
        sent = None if awaits else value
        step = partial(inner.send, value)
        del value
        return self._self_steps.step(step, is_await=awaits, sent=sent)

    def throw(self, *args: Any) -> Any:
        inner: Any = self.__wrapped__
        step = partial(self._self_steps.step, is_await=self._self_awaits)
        try:
            return step(partial(inner.throw, *args), thrown=_thrown(args))
        finally:
            del args

    def __del__(self) -> None:
        """Close what waits, as a generator does itself once nobody has it."""
        if _is_suspended(self.__wrapped__):
            self.close()

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
    is_coroutine = isinstance(inner, CoroutineType)
    return bool(inner.cr_suspended if is_coroutine else inner.gi_suspended)


class _AsyncGenerator(wrapt.ObjectProxy):  # type: ignore[type-arg]
    def __init__(self, inner: Any, steps: Steps) -> None:
        super().__init__(inner)
        self._self_steps = steps

    def __aiter__(self) -> Any:
        return self

    def __anext__(self) -> Any:
        return _AsyncStep(self.__wrapped__.__anext__(), self._self_steps)

    def asend(self, value: Any) -> Any:
        return _AsyncStep(self.__wrapped__.asend(value), self._self_steps, None, value)

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
        self,
        inner: Any,
        steps: Steps,
        thrown: BaseException | None = None,
        sent: object = None,
    ) -> None:
        super().__init__(inner)
        self._self_steps = steps
        self._self_thrown = thrown
        self._self_sent = sent
        self._self_closes = False

    def __await__(self) -> Any:
        return self

    def __iter__(self) -> Any:
        return self

    def __next__(self) -> Any:
        return self.send(None)

    def send(self, value: Any) -> Any:
        inner: Any = self.__wrapped__
        thrown, self._self_thrown = self._self_thrown, None
        try:
            return self._step(partial(inner.send, value), thrown)
        finally:
            del thrown

    def throw(self, *args: Any) -> Any:
        inner: Any = self.__wrapped__
        try:
            return self._step(partial(inner.throw, *args), _thrown(args))
        finally:
            del args

    def _step(self, action: Callable[[], Any], thrown: BaseException | None) -> Any:
        """Make one step: an await, or the end of the way to a `yield` or return."""
        steps = self._self_steps
        if steps.is_over:
            return action()
        self._self_closes = self._self_closes or type(thrown) is GeneratorExit
        steps.go(thrown, self._self_sent)
        self._self_sent = None
        del thrown
        try:
            value = action()
        except StopIteration as stop:
            if self._self_closes:
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
        finally:
            del action
        steps.wait(value, is_await=True)
        return value
