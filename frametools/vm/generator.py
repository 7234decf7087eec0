"""Generators as the program sees them, and what native code does with them.

`generator` looks like types.GeneratorType: same attributes, same errors. Within the
loop its frame is pushed (opcodes/generators.py); native code calls `__next__`, `send`,
`throw`, `close`, which run the loop within the loop. Functions are named after those of
Objects/genobject.c that they stand for.
"""

from __future__ import annotations

import sys
from _thread import get_ident
from types import GeneratorType, MemberDescriptorType
from typing import TYPE_CHECKING, Any
from weakref import ref

import frametools.vm.interpreter as loop
from frametools._python import (
    CLOSE_RETURNS_VALUE,
    CLOSES_UNSTARTED_SILENTLY,
    ITERATORS_TAKE_TWO_SLOTS,
    LINKS_ANY_THROW,
    REPORTS_RETURNS_OF_DROPPED_ASYNC_GENERATORS,
)
from frametools.vm import raising
from frametools.vm._builtins import (
    BaseException,
    GeneratorExit,
    KeyError,
    RuntimeError,
    StopAsyncIteration,
    StopIteration,
    TypeError,
    getattr,
    id,
    isinstance,
    len,
    type,
)
from frametools.vm.ending import forsake
from frametools.vm.frame import NULL, InterpreterFrame, Owner, Shim
from frametools.vm.frame_object import of
from frametools.vm.host import raise_plainly
from frametools.vm.model_types import Getter, Model, Name, publish
from frametools.vm.resumption import (
    CHECKS_STOP_ITERATION,
    CREATED,
    EXECUTING,
    SUSPENDED,
    SUSPENDED_YIELD_FROM,
    drop,
    ends_silently,
    kind_name,
    resume,
)
from frametools.vm.thread import ExcInfo
from frametools.vm.tracebacks import strip, strip_handled

if TYPE_CHECKING:
    from collections.abc import Callable

    from frametools.vm.thread import ThreadState

    Start = Callable[["Resumable", InterpreterFrame, Any], InterpreterFrame]

_exception = sys.exception
_GENERATOR = Owner.GENERATOR

RECEIVER = -2 if ITERATORS_TAKE_TWO_SLOTS else -1
"""Where on a suspended generator's stack is what it delegates to."""

POPS_RECEIVER = CHECKS_STOP_ITERATION
"""No CLEANUP_THROW: `throw` itself ends a delegation whose receiver has returned."""


class Resumable(metaclass=Model):
    """What generators, coroutines and async generators have in common."""

    __slots__ = ("__weakref__", "_name", "_qualname", "code", "completed", "frame")

    frame: InterpreterFrame | None
    """None once it has finished."""
    completed: InterpreterFrame | None
    """The frame of one that has finished, if it keeps that."""

    def __init__(self, frame: InterpreterFrame) -> None:
        """Take a frame that is at its RETURN_GENERATOR."""
        frame.frame_state = CREATED  # first: `__del__` asks, if the rest fails
        frame.exc_info = None
        self.completed = None
        self.frame = frame
        self.code = code = frame.code
        func: Any = frame.f_funcobj
        co = code.co
        named = func if func.__code__ is code.trampoline else co
        if named is co:
            self._name, self._qualname = co.co_name, co.co_qualname
        else:
            self._name, self._qualname = func.__name__, func.__qualname__
        frame.owner = _GENERATOR
        frame.generator = ref(self)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} object {self._qualname} at 0x{id(self):x}>"

    def __reduce_ex__(self, protocol: object) -> Any:
        raise TypeError(f"cannot pickle {type(self).__name__!r} object")

    def __del__(self) -> None:
        if self.frame is not None:
            finalize(self)
        elif self.completed is not None:
            drop(self, self.completed)


class Sendable(Resumable):
    """What generators and coroutines have in common."""

    __slots__ = ()

    def send(self, value: Any = NULL, /, *more: Any) -> Any:
        """Send a value into the generator: `gen_send`."""
        if more or value is NULL:
            raising.refuse_count(self, "send", value, *more)
        try:
            return send(self, value)
        except BaseException:
            strip_handled()
            raise

    def throw(self, *args: Any) -> Any:
        """Raise an exception in the generator: `gen_throw`."""
        if len(args) != 1:
            raising.warn_of_signature("throw", args)
        given = [args]
        del args
        try:
            return returned(self, throw(self, True, given))
        except BaseException:
            strip_handled()
            raise

    def close(self, *args: Any) -> Any:
        """Raise GeneratorExit in the generator: `gen_close`."""
        if args:
            kind = type(self).__name__
            raise TypeError(f"{kind}.close() takes no arguments ({len(args)} given)")
        return close(self)


class generator(Sendable):  # noqa: N801 - its name in the host
    """Stands for types.GeneratorType."""

    __slots__ = ()

    def __iter__(self) -> generator:
        return self

    def __next__(self) -> Any:
        if self.frame is None:
            raise StopIteration
        try:
            return returned(self, _enter(self, resume, None))
        except BaseException:
            strip_handled()  # native callers see no entry of ours
            raise


class iterable_coroutine(generator):  # noqa: N801 - its name in the host
    """A generator whose code has CO_ITERABLE_COROUTINE: natively it can be awaited."""

    __slots__ = ()

    def __await__(self) -> generator:
        return self


def returned(gen: Resumable, value: Any) -> Any:
    """Return what was yielded, or raise StopIteration with what was returned."""
    if gen.frame is not None:
        return value
    if value is None:
        raise StopIteration
    raise StopIteration(value)


def send(gen: Resumable, value: Any) -> Any:
    """Resume natively: `gen_send`."""
    if gen.frame is None:
        refuse(gen)
        raise StopIteration
    return returned(gen, _enter(gen, resume, value))


def send_plainly(gen: Resumable, value: Any) -> Any:
    """Resume natively; what was returned is returned if then `gen.frame` is None."""
    if gen.frame is None:
        refuse(gen)
        return None
    return _enter(gen, resume, value)


def refuse(gen: Resumable) -> None:
    """Refuse to run a coroutine again."""
    if gen.code.co.co_flags & 0x80:
        raise RuntimeError("cannot reuse already awaited coroutine")


def raise_in(gen: Resumable, thrown: list[BaseException], closing: bool = False) -> Any:
    """Go on natively with an exception raised: `gen_send_ex` with exc=1.

    Returns what is yielded, or returned if then `gen.frame` is None. The exception is
    taken out of the list: its traceback will hold the frames of these functions, which
    therefore must not hold it.
    """
    if gen.frame is None:
        if not closing:
            refuse(gen)
        raise_plainly(thrown.pop())
    return _enter(gen, _resume_raising, thrown)


def _resume_raising(
    gen: Resumable, caller: InterpreterFrame, thrown: list[BaseException]
) -> InterpreterFrame:
    frame = resume(gen, caller)
    return raising.throw_in(frame, thrown.pop())


def _enter(gen: Resumable, start: Start, argument: Any) -> Any:
    """Run a generator for native code until it yields or returns.

    Nothing here holds the frame: when it has returned its locals are gone.
    """
    vm = gen.code.vm
    try:
        thread = vm.threads[get_ident()]
    except KeyError:
        thread = vm.new_thread()
    caller = thread.current_frame
    host_exc = _exception()
    if caller is None:
        shim = Shim(thread, None, 0)
    else:
        depth = caller.depth
        # One that is to be closed is on the way out of too deep a recursion.
        if depth >= thread.safe_depth and start is not _resume_raising:
            thread.check_depth(depth)
        shim = Shim(thread, caller, depth)
        if host_exc is thread.host_exc:
            return loop.evaluate(start(gen, shim, argument), shim)
    return _enter_handling(thread, host_exc, gen, start, shim, argument)


def _enter_handling(
    thread: ThreadState,
    host_exc: BaseException | None,
    gen: Resumable,
    start: Start,
    shim: InterpreterFrame,
    argument: Any,
) -> Any:
    """Do so for native code that handles an exception of its own, or is outermost."""
    vm, is_outermost = thread.vm, thread.current_frame is None
    before, told = thread.exc_info, thread.host_exc
    thread.exc_info = item = ExcInfo()
    item.exc_value = thread.host_exc = host_exc
    item.previous = before
    if is_outermost:
        vm.begin()
    try:
        return loop.evaluate(start(gen, shim, argument), shim)
    finally:
        thread.exc_info, thread.host_exc = before, told
        if is_outermost:
            vm.end()


def yield_from(gen: Resumable) -> Any:
    """Return what the generator delegates to, None if nothing: `_PyGen_yf`."""
    frame = gen.frame
    if frame is None or frame.frame_state != SUSPENDED_YIELD_FROM:
        return None
    return frame.localsplus[RECEIVER]


def _delegate(gen: Resumable, links: bool, act: Callable[..., Any], *args: Any) -> Any:
    """Call what the generator delegates to; with `links` as if the generator did."""
    frame: InterpreterFrame = gen.frame  # type: ignore[assignment]
    vm = gen.code.vm
    thread = vm.threads.get(get_ident()) or vm.new_thread()
    state, caller = frame.frame_state, thread.current_frame
    frame.frame_state = EXECUTING
    if links and caller is not None:
        frame.thread = thread
        frame.previous = caller
        frame.depth = caller.depth
        thread.current_frame = frame
    try:
        return act(*args)
    finally:
        frame.frame_state = state
        frame.previous = None
        thread.current_frame = caller


def throw(gen: Resumable, close_on_exit: bool, given: list[Any]) -> Any:
    """Raise in the innermost generator that is delegated to: `_gen_throw`.

    Returns what is yielded, or returned if then `gen.frame` is None. `given` holds the
    arguments as a tuple, until they are used: see `raise_in`.
    """
    receiver = yield_from(gen)
    if receiver is None:
        return raise_in(gen, [raising.given(*given.pop())])
    thrown: list[BaseException] = []
    try:
        if close_on_exit and raising.matches(given[0][0], GeneratorExit):
            _delegate(gen, False, close_iter, receiver)
        elif isinstance(receiver, Sendable):
            return _delegate(gen, True, _throw_on, receiver, close_on_exit, given)
        else:
            method = getattr(receiver, "throw", None)
            if method is not None:
                return _delegate(gen, LINKS_ANY_THROW, method, *given.pop())
    except BaseException as error:
        thrown.append(error)
    if not thrown:
        return raise_in(gen, [raising.given(*given.pop())])
    del receiver
    if POPS_RECEIVER:
        _end_delegation(gen)
        if isinstance(thrown[0], StopIteration):
            return _enter(gen, resume, thrown.pop().value)  # type: ignore[attr-defined]
    return raise_in(gen, thrown)


def _throw_on(receiver: Resumable, close_on_exit: bool, given: list[Any]) -> Any:
    return returned(receiver, throw(receiver, close_on_exit, given))


def _end_delegation(gen: Resumable) -> None:
    """Go on behind the delegation, where what its receiver raised is raised too."""
    frame: InterpreterFrame = gen.frame  # type: ignore[assignment]
    frame.localsplus.pop()
    send_at = frame.code.instructions[frame.instr_ptr - 1]
    frame.instr.__setstate__(send_at.target)


def close_iter(receiver: Any) -> Any:
    """Close what is delegated to: `gen_close_iter`."""
    if isinstance(receiver, Sendable):
        return close(receiver)
    try:
        method = getattr(receiver, "close", None)
    except BaseException as error:
        raising.ignore(error, "closing generator", receiver)
        method = None
    return None if method is None else method()


def close(gen: Resumable) -> Any:
    """Raise GeneratorExit in a generator and see that it ends: `gen_close`."""
    frame = gen.frame
    if frame is None:
        return None
    if ends_silently(gen, frame):
        return None
    del frame
    thrown: list[BaseException] = []
    try:
        receiver = yield_from(gen)
        if receiver is not None:
            _delegate(gen, False, close_iter, receiver)
        thrown.append(GeneratorExit())
    except BaseException as failed:
        thrown.append(failed)
    receiver = None  # the frame alone has it: what lets go of that may end it
    try:
        value = raise_in(gen, thrown, closing=True)
    except GeneratorExit as left:
        strip(left)  # the program may have kept it
        return None
    except StopIteration as stop:
        strip(stop)
        return stop.value if CLOSE_RETURNS_VALUE else None
    if gen.frame is not None:
        raise RuntimeError(f"{kind_name(gen.code.co.co_flags)} ignored GeneratorExit")
    is_async = gen.code.co.co_flags & 0x200  # CO_ASYNC_GENERATOR
    if is_async and REPORTS_RETURNS_OF_DROPPED_ASYNC_GENERATORS:
        raise StopAsyncIteration
    return value if CLOSE_RETURNS_VALUE else None


def finalize(gen: Resumable) -> None:
    """Close a generator that nothing refers to: `_PyGen_Finalize`."""
    frame: InterpreterFrame = gen.frame  # type: ignore[assignment]
    is_unstarted = frame.frame_state == CREATED
    if is_unstarted and (CLOSES_UNSTARTED_SILENTLY or gen.code.co.co_flags & 0x80):
        drop(gen, frame)  # of a coroutine (CO_COROUTINE) nothing ever runs
        return
    # The garbage collector clears weak references first.
    frame.generator = ref(gen)
    del frame
    try:
        close(gen)
    except BaseException as error:
        raising.ignore(error, "closing generator", gen, current_frame(gen))
        if gen.frame is not None:
            forsake(gen, gen.frame)
    if gen.completed is not None:
        drop(gen, gen.completed)


def current_frame(gen: Any) -> InterpreterFrame | None:
    """Return the frame that this thread runs in the VM of a generator."""
    thread = gen.code.vm.threads.get(get_ident())
    frame: InterpreterFrame | None = None if thread is None else thread.current_frame
    while frame is not None and frame.owner is Owner.INTERPRETER:
        frame = frame.previous
    return frame


def frame_object(gen: Resumable) -> Any:
    """Return the frame object of a generator, None if it has finished."""
    return None if gen.frame is None else of(gen.frame)


def is_running(gen: Resumable) -> bool:
    """Say if it is executing, or what it delegates to is, natively."""
    return gen.frame is not None and gen.frame.frame_state == EXECUTING


def is_suspended(gen: Resumable) -> bool:
    """Say if it stands at a `yield`."""
    frame = gen.frame
    return frame is not None and SUSPENDED <= frame.frame_state < EXECUTING


def state_name(gen: Resumable) -> str:
    """Return the state as 3.15 names it, without the prefix of the kind."""
    if gen.frame is None:
        return "CLOSED"
    if gen.frame.frame_state == CREATED:
        return "CREATED"
    return "RUNNING" if is_running(gen) else "SUSPENDED"


def publish_resumable(model: Any, host: type, prefix: str, **attributes: Any) -> None:
    """Finish such a class: with the attributes whose names begin with `prefix`."""
    kind = {"gi": "GEN", "cr": "CORO", "ag": "AGEN"}[prefix]
    getters = {
        "code": lambda gen: gen.code.co,
        "frame": frame_object,
        "running": is_running,
        "suspended": is_suspended,
        "state": lambda gen: f"{kind}_{state_name(gen)}",
    }
    found = {f"{prefix}_{name}": get for name, get in getters.items()} | attributes

    def size(gen: Any) -> int:
        slots = gen.code.nlocalsplus + gen.code.co.co_stacksize
        total: int = host.__basicsize__ + host.__itemsize__ * slots
        return total

    publish(
        model,
        host,
        __name__=Name("__name__", Resumable.__dict__["_name"]),
        __sizeof__=size,
        __qualname__=Name("__qualname__", Resumable.__dict__["_qualname"]),
        **{
            name: Getter(name, get, type(host.__dict__[name]) is MemberDescriptorType)
            for name, get in found.items()
            if name in host.__dict__
        },
    )


for _model in generator, iterable_coroutine:
    publish_resumable(_model, GeneratorType, "gi", gi_yieldfrom=yield_from)
iterable_coroutine.__name__ = "generator"
