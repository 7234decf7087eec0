"""Coroutines, and what their `__await__` returns."""

from __future__ import annotations

import sys
import warnings
from types import CoroutineType, FunctionType
from typing import TYPE_CHECKING, Any

from frametools._python import WARNING_WITHOUT_FRAME
from frametools.vm import raising
from frametools.vm._builtins import (
    BaseException,
    RuntimeWarning,
    TypeError,
    getattr,
    id,
    isinstance,
    max,
    super,
    tuple,
    type,
)
from frametools.vm.calling import HIDDEN, CallSite, call_native
from frametools.vm.frame import Owner
from frametools.vm.generator import (
    Sendable,
    current_frame,
    publish_resumable,
    send,
    yield_from,
)
from frametools.vm.model_types import Model, publish
from frametools.vm.resumption import CREATED, drop

if TYPE_CHECKING:
    from frametools.vm.frame import InterpreterFrame

_tracking_depth = sys.get_coroutine_origin_tracking_depth
_INTERPRETER = Owner.INTERPRETER


class coroutine(Sendable):  # noqa: N801 - its name in the host
    """Stands for types.CoroutineType."""

    __slots__ = ("origin",)

    def __init__(self, frame: InterpreterFrame) -> None:
        """Take a frame that is at its RETURN_GENERATOR, and note where that is."""
        super().__init__(frame)
        depth = _tracking_depth()
        self.origin = _origin(frame.previous, depth) if depth else None

    def __await__(self) -> coroutine_wrapper:
        return coroutine_wrapper(self)

    def __del__(self) -> None:
        frame = self.frame
        if frame is not None and frame.frame_state == CREATED:
            del frame
            warn_unawaited(self)
            if self.frame is not None and self.frame.frame_state == CREATED:
                drop(self, self.frame)
        elif frame is not None or self.completed is not None:
            del frame
            super().__del__()


class coroutine_wrapper(metaclass=Model):  # noqa: N801 - its name in the host
    """Iterates over a coroutine: `coro_wrapper`."""

    __slots__ = ("__weakref__", "_coroutine")

    def __init__(self, coro: coroutine) -> None:
        self._coroutine = coro

    def __iter__(self) -> coroutine_wrapper:
        return self

    def __next__(self) -> Any:
        return send(self._coroutine, None)

    def send(self, value: Any, /) -> Any:
        """Send a value into the coroutine."""
        return send(self._coroutine, value)

    def throw(self, *args: Any) -> Any:
        """Raise an exception in the coroutine."""
        return self._coroutine.throw(*args)

    def close(self) -> Any:
        """Raise GeneratorExit in the coroutine."""
        return self._coroutine.close()

    def __reduce_ex__(self, protocol: object) -> Any:
        raise TypeError("cannot pickle 'coroutine_wrapper' object")


def _origin(frame: InterpreterFrame | None, depth: int) -> tuple[Any, ...]:
    """Return (file, line, function) of up to `depth` frames: `compute_cr_origin`."""
    found: list[tuple[str, int | None, str]] = []
    while frame is not None and depth:
        if frame.owner is not _INTERPRETER:
            co = frame.code.co
            found.append((co.co_filename, frame.code.line(frame.instr_ptr), co.co_name))
            depth -= 1
        frame = frame.previous
    return tuple(found)


def warn_unawaited(coro: coroutine) -> None:
    """Warn of a coroutine that never ran: `_PyErr_WarnUnawaitedCoroutine`."""
    warn = getattr(warnings, "_warn_unawaited_coroutine", None)
    # When the interpreter ends, the host does not find the module.
    is_gone = sys.is_finalizing() and "warnings" not in sys.modules
    if warn is not None and not is_gone and _warns(coro, warn, coro):
        return
    message = f"coroutine '{coro._qualname}' was never awaited"
    if current_frame(coro) is None:
        _warns(coro, _warn_without_frame, message)
    else:
        _warns(coro, warnings.warn, message, RuntimeWarning)


def _warn_without_frame(message: str) -> None:
    registry = sys.__dict__.setdefault("__warningregistry__", {})
    filename, line = WARNING_WITHOUT_FRAME
    warnings.warn_explicit(message, RuntimeWarning, filename, line, "sys", registry)


def _warns(coro: coroutine, warn: Any, *args: Any) -> bool:
    try:
        call_at_current_frame(coro, warn, *args)
    except BaseException as error:
        raising.ignore(error, "finalizing coroutine", coro, current_frame(coro))
        return isinstance(error, RuntimeWarning)
    return True


def call_at_current_frame(gen: Any, fn: Any, *args: Any) -> None:
    """Call `fn` as if the VM's current frame did: warnings go by who calls."""
    frame = current_frame(gen)
    if type(fn) is FunctionType and id(fn.__code__) not in HIDDEN:
        fn = gen.code.vm.function(fn)  # so that no frame of ours calls it
    if frame is None:
        fn(*args)
        return
    at = max(frame.instr_ptr, 0)
    call_native(frame, CallSite(frame.code.instructions[at]), fn, args, {})


publish_resumable(
    coroutine,
    CoroutineType,
    "cr",
    cr_await=yield_from,
    cr_origin=lambda coro: coro.origin,
)


async def _never() -> None: ...


_sample = _never()
publish(coroutine_wrapper, type(_sample.__await__()))
_sample.close()
del _sample
