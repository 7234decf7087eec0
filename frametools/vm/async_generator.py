"""Asynchronous generators, and the awaitables of `asend`, `athrow`, `aclose`.

As in Objects/genobject.c: what the code yields is wrapped, to tell it from what it
awaits; the awaitables unwrap it and return it as StopIteration.
"""

from __future__ import annotations

import sys
import warnings
from types import AsyncGeneratorType
from typing import TYPE_CHECKING, Any

from frametools._python import (
    ASEND_CLOSE_THROWS,
    ATHROW_COUNTS_AT_ONCE,
    ATHROW_ON_RUNNING_FAILS,
    WARNS_OF_UNAWAITED_AGEN_METHODS,
)
from frametools.vm import raising
from frametools.vm._builtins import (
    BaseException,
    GeneratorExit,
    NotImplementedError,
    RuntimeError,
    RuntimeWarning,
    StopAsyncIteration,
    StopIteration,
    TypeError,
    isinstance,
    len,
    range,
    super,
    type,
)
from frametools.vm.coroutine import call_at_current_frame
from frametools.vm.frame import NULL
from frametools.vm.generator import (
    Resumable,
    is_suspended,
    publish_resumable,
    send_plainly,
    throw,
    yield_from,
)
from frametools.vm.host import raise_plainly
from frametools.vm.model_types import Model, publish

if TYPE_CHECKING:
    from collections.abc import Callable

    from frametools.vm.frame import InterpreterFrame

_hooks = sys.get_asyncgen_hooks

INIT, ITER, CLOSED = range(3)
"""States of an awaitable: `AwaitableState`."""


class WrappedValue:
    """What an asynchronous generator yields: `_PyAsyncGenWrappedValue`."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value


WrappedValue.__name__ = "async_generator_wrapped_value"


class async_generator(Resumable):  # noqa: N801 - its name in the host
    """Stands for types.AsyncGeneratorType."""

    __slots__ = ("closed", "finalizer", "hooks_inited", "running_async")

    finalizer: Callable[[Any], Any] | None
    """The event loop's hook, as it was when the iteration began."""

    def __init__(self, frame: InterpreterFrame) -> None:
        """Take a frame that is at its RETURN_GENERATOR."""
        super().__init__(frame)
        self.closed = self.hooks_inited = self.running_async = False
        self.finalizer = None

    def __aiter__(self) -> async_generator:
        return self

    def __anext__(self) -> async_generator_asend:
        self.init_hooks()
        return async_generator_asend(self, None)

    def asend(self, value: Any = NULL, /, *more: Any) -> async_generator_asend:
        """Return an awaitable that sends a value in."""
        if more or value is NULL:
            raising.refuse_count(self, "asend", value, *more)
        self.init_hooks()
        return async_generator_asend(self, value)

    def athrow(self, *args: Any) -> async_generator_athrow:
        """Return an awaitable that raises an exception in the generator."""
        if ATHROW_COUNTS_AT_ONCE:
            raising.check_count("athrow", args)
        if len(args) > 1:
            raising.warn_of_signature("athrow", args[:3])
        self.init_hooks()
        return async_generator_athrow(self, args)

    def aclose(self) -> async_generator_athrow:
        """Return an awaitable that raises GeneratorExit in the generator."""
        self.init_hooks()
        return async_generator_athrow(self, None)

    def init_hooks(self) -> None:
        """Tell the event loop, once: `async_gen_init_hooks`."""
        if self.hooks_inited:
            return
        self.hooks_inited = True
        firstiter, self.finalizer = _hooks()
        if firstiter is not None:
            firstiter(self)

    def __del__(self) -> None:
        if self.frame is not None and self.finalizer is not None and not self.closed:
            try:
                self.finalizer(self)
            except BaseException as error:
                raising.ignore(error, "finalizing generator", self)
        elif self.frame is not None or self.completed is not None:
            super().__del__()


def unwrap(gen: async_generator, result: Any) -> Any:
    """Return what was awaited, or raise what was yielded as StopIteration."""
    if gen.frame is None:
        gen.closed = True
        gen.running_async = False
        raise StopAsyncIteration
    if type(result) is WrappedValue:
        gen.running_async = False
        raise StopIteration(result.value)
    return result


class Awaitable(metaclass=Model):
    """What the two awaitables have in common."""

    __slots__ = ("__weakref__", "gen", "state")

    gen: async_generator
    state: int
    reused: str
    method: str

    def __await__(self) -> Any:
        return self

    def __iter__(self) -> Any:
        return self

    def __next__(self) -> Any:
        return self.send(None)

    def send(self, value: Any, /) -> Any:  # noqa: ARG002
        """Go on with what was awaited."""
        raise NotImplementedError

    def throw(self, *args: Any) -> Any:  # noqa: ARG002
        """Raise in the generator."""
        raise NotImplementedError

    def check(self, running: str) -> None:
        """Refuse to begin again, or beside another one."""
        if self.state == CLOSED:
            raise RuntimeError(f"cannot reuse already awaited {self.reused}")
        if self.state == INIT and running and self.gen.running_async:
            self.state = CLOSED
            raise RuntimeError(f"{running}: asynchronous generator is already running")

    def run(self, fn: Callable[..., Any], *args: Any) -> Any:
        """Call a function that runs the generator; if it raises, that is the end."""
        gen = self.gen
        try:
            return unwrap(gen, fn(gen, *args))
        except BaseException as error:
            self.state = CLOSED
            gen.running_async = False
            if isinstance(error, (StopAsyncIteration, GeneratorExit)):
                gen.closed = True
            raise

    def close(self) -> Any:
        """End it: `async_gen_asend_close`."""
        if not ASEND_CLOSE_THROWS:
            self.state = CLOSED
            return None
        if self.state == CLOSED:
            return None
        try:
            self.throw(GeneratorExit)
        except (StopIteration, StopAsyncIteration, GeneratorExit):
            return None
        raise RuntimeError("coroutine ignored GeneratorExit")

    def __reduce_ex__(self, protocol: object) -> Any:
        raise TypeError(f"cannot pickle {type(self).__name__!r} object")

    def _finalize(self) -> None:
        if self.state != INIT:
            return
        gen = self.gen
        message = (
            f"coroutine method {self.method!r} of {gen._qualname!r} was never awaited"
        )
        try:
            call_at_current_frame(gen, warnings.warn, message, RuntimeWarning)
        except BaseException as error:
            raising.ignore(error, "finalizing async generator", gen)

    if WARNS_OF_UNAWAITED_AGEN_METHODS:
        __del__ = _finalize


class async_generator_asend(Awaitable):  # noqa: N801 - its name in the host
    """The awaitable of `__anext__` and `asend`."""

    __slots__ = ("value",)

    reused = "__anext__()/asend()"
    method = "asend"

    def __init__(self, gen: async_generator, value: Any) -> None:
        self.gen = gen
        self.state = INIT
        self.value = value

    def send(self, value: Any, /) -> Any:
        """Go on: `async_gen_asend_send`."""
        self.check("anext()")
        if self.state == INIT:
            if value is None:
                value = self.value
            self.state = ITER
        self.gen.running_async = True
        return self.run(send_plainly, value)

    def throw(self, *args: Any) -> Any:
        """Raise in the generator: `async_gen_asend_throw`."""
        if len(args) != 1:
            raising.warn_of_signature("throw", args)
        self.check("anext()" if ATHROW_ON_RUNNING_FAILS else "")
        if ATHROW_ON_RUNNING_FAILS and self.state == INIT:
            self.state = ITER
            self.gen.running_async = True
        given = [args]
        del args
        return self.run(throw, True, given)


class async_generator_athrow(Awaitable):  # noqa: N801 - its name in the host
    """The awaitable of `athrow` and `aclose`."""

    __slots__ = ("args",)

    reused = "aclose()/athrow()"

    def __init__(self, gen: async_generator, args: tuple[Any, ...] | None) -> None:
        self.gen = gen
        self.state = INIT
        self.args = args
        """None: it is `aclose`'s."""

    @property
    def method(self) -> str:  # type: ignore[override]
        """What returned it."""
        return "aclose" if self.args is None else "athrow"

    def send(self, value: Any, /) -> Any:
        """Go on: `async_gen_athrow_send`."""
        gen = self.gen
        if self.state == CLOSED:
            raise RuntimeError(f"cannot reuse already awaited {self.reused}")
        if gen.frame is None:
            self.state = CLOSED
            raise StopIteration
        if self.state != INIT:
            return self.go_on(send_plainly, value)
        self.check(f"{self.method}()")
        if gen.closed:
            self.state = CLOSED
            raise StopAsyncIteration
        if value is not None:
            raise RuntimeError("can't send non-None value to a just-started coroutine")
        self.state = ITER
        gen.running_async = True
        if self.args is not None:
            raising.check_count("athrow", self.args)
            return self.run(throw, False, [self.args])
        gen.closed = True
        return self.go_on(throw, False, [(GeneratorExit,)])

    def throw(self, *args: Any) -> Any:
        """Raise in the generator: `async_gen_athrow_throw`."""
        if len(args) != 1:
            raising.warn_of_signature("throw", args)
        self.check(f"{self.method}()" if ATHROW_ON_RUNNING_FAILS else "")
        if ATHROW_ON_RUNNING_FAILS and self.state == INIT:
            self.state = ITER
            self.gen.running_async = True
        given = [args]
        del args
        return self.go_on(throw, True, given)

    def go_on(self, fn: Callable[..., Any], *args: Any) -> Any:
        """Run the generator; if this is `aclose`, its end is a plain return."""
        if self.args is not None:
            return self.run(fn, *args)
        gen = self.gen
        raised: BaseException | None = None
        try:
            result = fn(gen, *args)
        except (StopAsyncIteration, GeneratorExit):
            pass
        except BaseException as error:
            raised = error
        else:
            if gen.frame is not None and type(result) is not WrappedValue:
                return result
            if gen.frame is not None:
                raised = RuntimeError("async generator ignored GeneratorExit")
        gen.running_async = False
        self.state = CLOSED
        if raised is None:
            raise StopIteration
        try:
            raise_plainly(raised)
        finally:
            del raised


publish_resumable(
    async_generator,
    AsyncGeneratorType,
    "ag",
    ag_await=yield_from,
    ag_running=lambda gen: gen.running_async,
    ag_suspended=is_suspended,
)


async def _sample() -> Any:
    yield


_host = _sample()
for _model, _awaitable in (
    (async_generator_asend, _host.asend(None)),
    (async_generator_athrow, _host.aclose()),
):
    publish(_model, type(_awaitable))
    _awaitable.close()
del _host, _awaitable
