"""Generators, coroutines, asynchronous iteration."""

from __future__ import annotations

from types import CoroutineType, GeneratorType
from typing import TYPE_CHECKING, Any

from frametools._python import ENDS_DELEGATIONS_SILENTLY
from frametools.vm import objects
from frametools.vm._builtins import (
    BaseException,
    StopAsyncIteration,
    StopIteration,
    TypeError,
    isinstance,
    next,
    type,
)
from frametools.vm.frame import NULL
from frametools.vm.instruction import inst
from frametools.vm.objects import (
    WrappedValue,
    async_generator,
    check_not_awaited,
    coroutine,
    generator,
    get_awaitable_iter,
    iterable_coroutine,
    new_resumable,
    special,
)
from frametools.vm.opcodes.control import next_by_index
from frametools.vm.resumption import (
    SUSPENDED,
    SUSPENDED_YIELD_FROM,
    pause_handling,
    resume,
    stop_error,
)
from frametools.vm.unwind import reraise

if TYPE_CHECKING:
    from frametools.vm.code import Code, Instruction
    from frametools.vm.frame import InterpreterFrame

    Frame = InterpreterFrame
    Stack = list[Any]


@inst("RETURN_GENERATOR", "-- res")
def return_generator(frame: Frame, _stack: Stack, _oparg: int) -> Frame:
    """Make a generator of this frame, and return it to the frame below.

    What is pushed is what the generator is first sent: None.
    """
    gen = new_resumable(frame)
    previous: Frame = frame.previous  # type: ignore[assignment]
    previous.localsplus.append(gen)
    frame.previous = None
    return previous


def suspended_state(code: Code, instruction: Instruction) -> tuple[int, int]:
    """Prepare YIELD_VALUE: the state of the generator while it waits there.

    And, for `yield` as a statement, where it goes on if nothing is sent to it and
    nobody watches: behind RESUME and POP_TOP, which then do nothing.

    The RESUME behind says if the `yield` is part of a `yield from` or `await`; RESUME's
    other bits are about exception handlers.
    """
    behind = code.instructions[instruction.index + 1]
    is_delegating = behind.opname == "RESUME" and behind.oparg & 3 >= 2
    if is_delegating:
        return SUSPENDED_YIELD_FROM, 0
    is_statement = (
        behind.opname == "RESUME"
        and code.instructions[behind.index + 1].opname == "POP_TOP"
    )
    return SUSPENDED, behind.index + 2 if is_statement else 0


@inst("YIELD_VALUE", "value -- value", prepare=suspended_state)
def yield_value(frame: Frame, stack: Stack, state: tuple[int, int]) -> Frame:
    """Suspend the generator and go on below, with the value on that stack.

    What is pushed is what the generator will be sent.
    """
    frame.frame_state, frame.return_offset = state
    if frame.exc_info is not None:
        pause_handling(frame, frame.exc_info)
    previous: Frame = frame.previous  # type: ignore[assignment]
    frame.previous = None
    previous.localsplus.append(stack.pop())
    return previous


def send_natively(frame: Frame, receiver: Any, value: Any) -> tuple[bool, Any]:
    """Send to what the VM does not run, or not in this loop: `PyIter_Send`.

    Returns True and what it returned, or False and what it yielded.
    """
    thread = frame.thread
    if thread.exc_info.exc_value is not thread.host_exc:
        thread.tell_host()
    kind = type(receiver)
    try:
        if value is None and kind is not coroutine and kind is not CoroutineType:
            return False, next(receiver)
        return False, receiver.send(value)
    except StopIteration as stop:
        stopped = stop
    try:
        watching = thread.vm.watching
        has_send = kind is GeneratorType or kind is CoroutineType  # `am_send`
        is_silent = has_send or ENDS_DELEGATIONS_SILENTLY
        if watching is not None and not is_silent:
            watching.stopped(frame, stopped, receiver)
        return True, stopped.value
    finally:
        del stopped  # its traceback has this frame


@inst("SEND", "receiver, v -- receiver, retval")
def send(frame: Frame, stack: Stack, target: int) -> Frame | None:
    """Send a value: YIELD_VALUE takes what is yielded, END_SEND what is returned."""
    value = stack.pop()
    receiver = stack[-1]
    kind = type(receiver)
    if (
        kind is coroutine or kind is generator or kind is iterable_coroutine
    ) and receiver.frame is not None:
        frame.return_offset = target
        return resume(receiver, frame, value)
    is_returned, result = send_natively(frame, receiver, value)
    stack.append(result)
    if is_returned:
        frame.instr.__setstate__(target)
    return None


@inst("SEND", "receiver, null_or_index, v -- receiver, null_or_index, retval")
def send_pair(frame: Frame, stack: Stack, target: int) -> Frame | None:
    """Send a value to an iterator that takes two slots."""
    value = stack.pop()
    receiver = stack[-2]
    kind = type(receiver)
    if (
        kind is coroutine or kind is generator or kind is iterable_coroutine
    ) and receiver.frame is not None:
        frame.return_offset = target
        return resume(receiver, frame, value)
    if value is None and stack[-1] is not NULL:
        item = next_by_index(stack)
        is_returned, result = (True, None) if item is NULL else (False, item)
    else:
        is_returned, result = send_natively(frame, receiver, value)
    stack.append(result)
    if is_returned:
        frame.instr.__setstate__(target)
    return None


@inst("SEND", "receiver, v -- receiver if (not jump), retval")
def send_popping(frame: Frame, stack: Stack, target: int) -> None:
    """Send a value; when the receiver returns it is popped. All run natively.

    While a trace function is set the method `send` of a coroutine is called, or with a
    value that of a generator: it raises StopIteration, where None is returned too.
    """
    value = stack.pop()
    kind = type(stack[-1])
    is_returned, result = send_natively(frame, stack[-1], value)
    if is_returned:
        watching = frame.thread.vm.watching
        if watching is not None and result is None:
            is_generator = kind is generator or kind is iterable_coroutine
            if kind is coroutine or (is_generator and value is not None):
                watching.send_stopped(frame, StopIteration())
        stack[-1] = result
        frame.instr.__setstate__(target)
    else:
        stack.append(result)


@inst("END_SEND", "receiver, value -- value")
def end_send(_frame: Frame, stack: Stack, _oparg: int) -> None:
    """Drop the receiver, keep what it returned."""
    del stack[-2]


@inst("END_SEND", "receiver, index_or_null, value -- value")
def end_send_pair(_frame: Frame, stack: Stack, _oparg: int) -> None:
    """Drop a receiver of two slots, keep what it returned."""
    del stack[-3:-1]


@inst("CLEANUP_THROW", "sub_iter, last_sent_val, exc_value -- none, value")
def cleanup_throw(frame: Frame, stack: Stack, _oparg: int) -> Frame | None:
    """End a delegation into which an exception was thrown, if it did return."""
    error = stack[-1]
    if isinstance(error, StopIteration):
        stack[-3:] = None, error.value
        return None
    return reraise(frame, error)


@inst(
    "CLEANUP_THROW",
    "sub_iter, null_in, last_sent_val, exc_value -- none, null_out, value",
)
def cleanup_throw_pair(frame: Frame, stack: Stack, _oparg: int) -> Frame | None:
    """End a delegation to an iterator of two slots, if it did return."""
    error = stack[-1]
    if isinstance(error, StopIteration):
        stack[-4:] = None, NULL, error.value
        return None
    return reraise(frame, error)


@inst("GET_YIELD_FROM_ITER", "iterable -- iter")
def get_yield_from_iter(frame: Frame, stack: Stack, _oparg: int) -> None:
    """Replace an iterable by what `yield from` delegates to."""
    stack[-1] = objects.get_yield_from_iter(frame, stack[-1])


@inst("GET_AWAITABLE", "iterable -- iter")
def get_awaitable(_frame: Frame, stack: Stack, oparg: int) -> None:
    """Replace an awaitable by what `await` delegates to; `async with` has an oparg."""
    awaitable = stack[-1]
    if oparg and not _can_be_awaited(awaitable):
        method = "__aenter__" if oparg == 1 else "__aexit__"
        raise TypeError(
            f"'async with' received an object from {method} that does not implement "
            f"__await__: {type(awaitable).__name__}"
        )
    stack[-1] = iterator = get_awaitable_iter(awaitable)
    check_not_awaited(iterator)


def _can_be_awaited(awaitable: Any) -> bool:
    try:
        return special(awaitable, "__await__") is not NULL or (
            get_awaitable_iter(awaitable) is awaitable
        )
    except TypeError:
        return False


@inst("GET_AITER", "obj -- iter")
def get_aiter(_frame: Frame, stack: Stack, _oparg: int) -> None:
    """Replace an asynchronous iterable by its iterator."""
    iterable = stack[-1]
    method = special(iterable, "__aiter__")
    if method is NULL:
        raise TypeError(
            "'async for' requires an object with __aiter__ method, got "
            f"{type(iterable).__name__}"
        )
    iterator = method()
    if special(iterator, "__anext__") is NULL:
        raise TypeError(
            "'async for' received an object from __aiter__ that does not implement "
            f"__anext__: {type(iterator).__name__}"
        )
    stack[-1] = iterator


@inst("GET_ANEXT", "aiter -- aiter, awaitable")
def get_anext(_frame: Frame, stack: Stack, _oparg: int) -> None:
    """Push what awaits the next item of an asynchronous iterator."""
    iterator = stack[-1]
    if type(iterator) is async_generator:
        stack.append(iterator.__anext__())
        return
    method = special(iterator, "__anext__")
    if method is NULL:
        raise TypeError(
            "'async for' requires an iterator with __anext__ method, got "
            f"{type(iterator).__name__}"
        )
    awaitable = method()
    try:
        found = get_awaitable_iter(awaitable)
    except BaseException as error:
        raise TypeError(
            "'async for' received an invalid object from __anext__: "
            f"{type(awaitable).__name__}"
        ) from error
    stack.append(found)


@inst("END_ASYNC_FOR", "awaitable, exc --")
def end_async_for(frame: Frame, stack: Stack, _oparg: int) -> Frame | None:
    """End an `async for` at StopAsyncIteration; any other exception goes on."""
    error = stack[-1]
    if isinstance(error, StopAsyncIteration):
        del stack[-2:]
        return None
    return reraise(frame, error)


@inst("ASYNC_GEN_WRAP", "value -- value")
def async_gen_wrap(_frame: Frame, stack: Stack, _oparg: int = 0) -> None:
    """Mark a value as yielded by an asynchronous generator: an intrinsic from 3.12."""
    stack[-1] = WrappedValue(stack[-1])


@inst("CALL_INTRINSIC_1", "value -- res")
def stopiteration_error(frame: Frame, stack: Stack, _oparg: int = 0) -> None:
    """Replace a StopIteration that would leave a generator: an intrinsic, PEP 479."""
    stack[-1] = stop_error(frame.code.co.co_flags, stack[-1])
