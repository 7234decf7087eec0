"""`vm.steps`: a program that stops after each instruction, and tells what it did.

    Steps --next--> the loop of interpreter.py, as a generator
                        handlers of all code, wrapped: `step` -> Stepper -> Step

A program advances as its steps are taken. Native code that it calls cannot be stopped:
the steps of what that calls back are collected, and come in order.
"""

from __future__ import annotations

import builtins
from _thread import get_ident
from types import CodeType, FunctionType, MethodType
from typing import TYPE_CHECKING, Any

from frametools.vm import importing, recursion
from frametools.vm._builtins import (
    BaseException,
    RuntimeError,
    StopAsyncIteration,
    StopIteration,
    id,
    isinstance,
    issubclass,
    list,
    next,
    property,
    super,
    type,
    zip,
)
from frametools.vm.calling import bind
from frametools.vm.code import Code
from frametools.vm.frame import NULL, InterpreterFrame, Shim
from frametools.vm.host import raise_plainly
from frametools.vm.observing import Stepper
from frametools.vm.running import adopted, bound, globals_of
from frametools.vm.takeover import taken_over
from frametools.vm.tracebacks import strip_handled
from frametools.vm.unwind import unwind
from frametools.vm.vm import VM

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator
    from typing import Self

    from frametools.snapshot import Step


class SteppingVM(VM):
    """A VM whose every instruction goes through a `Stepper`."""

    def __init__(self, stepper: Stepper, func: object) -> None:
        super().__init__()
        self.stepper = stepper
        self.taken = taken_over(self, func)

    def decode(self, co: CodeType) -> Code:
        """Decode a code object, its handlers wrapped."""
        return _SteppingCode(co, self)


class _SteppingCode(Code):
    """Code whose handlers are wrapped, once it is decoded: when it first runs."""

    __slots__ = ()

    def _fill(self) -> None:
        super()._fill()
        vm: Any = self.vm
        self.ops[:] = [
            (
                _step_raising if instruction.opname in _RAISING else _step,
                (handler, operand, instruction, vm.stepper),
            )
            for (handler, operand), instruction in zip(
                self.plain_ops, self.instructions, strict=True
            )
        ]
        self.plain_ops[:] = self.ops


def _step(
    frame: InterpreterFrame, stack: list[Any], operand: Any
) -> InterpreterFrame | None:
    """Execute an instruction that is told about."""
    handler, its_operand, instruction, stepper = operand
    if stepper.is_quiet or get_ident() != stepper.ident:
        switch: InterpreterFrame | None = handler(frame, stack, its_operand)
        return switch
    mine = stepper.begin(frame, instruction)
    try:
        switch = handler(frame, stack, its_operand)
    except BaseException as error:
        stepper.raised(mine, error)
        raise
    return switch


def _step_raising(
    frame: InterpreterFrame, stack: list[Any], operand: Any
) -> InterpreterFrame | None:
    """Execute an instruction that unwinds by itself: its handler raises nothing."""
    handler, its_operand, instruction, stepper = operand
    if stepper.is_quiet or get_ident() != stepper.ident:
        switch: InterpreterFrame | None = handler(frame, stack, its_operand)
        return switch
    given = _RAISING[instruction.opname](frame, stack, instruction.oparg)
    mine = stepper.begin(frame, instruction)
    try:
        switch = handler(frame, stack, its_operand)
    except BaseException as error:
        stepper.raised(mine, error)
        raise
    if given is not None:
        stepper.raised(mine, _instance(given, frame if switch is None else switch))
    return switch


def _instance(given: Any, now: InterpreterFrame) -> Any:
    """Return what was raised: `given`, or the instance that was made of that class."""
    if issubclass(type(given), BaseException):
        return given
    error: Any = now.thread.error if type(now) is Shim else now.localsplus[-1]
    # A generator that StopIteration leaves raises another error because of it.
    return error if issubclass(type(error), given) else error.__cause__


def _to_raise(frame: InterpreterFrame, stack: list[Any], oparg: int) -> Any:
    return stack[-oparg] if oparg else frame.thread.handled()


def _unless(kind: type[BaseException]) -> Callable[..., Any]:
    def caught(_frame: InterpreterFrame, stack: list[Any], _oparg: int) -> Any:
        return None if isinstance(stack[-1], kind) else stack[-1]

    return caught


_RAISING: dict[str, Callable[..., Any]] = {
    "RAISE_VARARGS": _to_raise,
    "RERAISE": lambda _frame, stack, _oparg: stack[-1],
    "CLEANUP_THROW": _unless(StopIteration),
    "END_ASYNC_FOR": _unless(StopAsyncIteration),
}
"""What an instruction is about to raise, an instance or a class; None: nothing."""


class Steps:
    """An iterator over the steps of a call; see `steps`.

    `close()`, or leaving it as a context, drops the program where it stands: what it
    holds is let go. No `finally` of the frames that are running is executed; generators
    that wait at a `yield` are closed, as whenever one is dropped: theirs is.
    """

    def __init__(
        self, func: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> None:
        self._result: Any = NULL
        self._stop: StopIteration | None = None
        self._generator = self._run(func, args, kwargs)

    def __iter__(self) -> Iterator[Step]:
        return self

    @property
    def result(self) -> Any:
        """What the call returned; RuntimeError unless all steps have been taken.

        The one exception that no iterator can raise comes from here: StopIteration.
        """
        if self._stop is not None:
            raise_plainly(self._stop)
        if self._result is NULL:
            raise RuntimeError("no result: the program has not returned")
        return self._result

    def __next__(self) -> Step:
        """Run to the end of the next instruction; raises what the program raises."""
        try:
            return next(self._generator)
        except BaseException:
            strip_handled()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exc: object) -> None:
        self.close()

    def close(self) -> None:
        """Drop the program."""
        self._generator.close()

    def _run(
        self, func: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Generator[Step, None, None]:
        stepper = Stepper(get_ident())
        vm = SteppingVM(stepper, func)
        try:
            frame = _first_frame(vm, func, args, kwargs)
            del func, args, kwargs
            if isinstance(frame, InterpreterFrame):
                driver = _Driver(vm, frame)
                del frame
                try:
                    yield from driver.drive()
                finally:
                    driver.drop()
                error, result = driver.error, driver.result
                driver.error = driver.result = None
            else:
                error, result = _all_at_once(vm, frame)
                yield from stepper.take(None)
        finally:
            stepper.end()
            vm.taken.functions.clear()
        if error is None:
            self._result = result
            return
        if isinstance(error, StopIteration):
            self._stop = error
            return
        try:
            raise_plainly(error)
        finally:
            del error


class _Driver:
    """Runs a frame an instruction at a time: `interpreter.evaluate`, in slices."""

    def __init__(self, vm: SteppingVM, frame: InterpreterFrame) -> None:
        self.vm = vm
        self.frame = frame
        self.thread = frame.thread
        self.result: Any = None
        self.error: BaseException | None = None

    def drive(self) -> Generator[Step, None, None]:
        """Run to the end; what the program runs is on no stack between two steps."""
        stepper = self.vm.stepper
        while True:
            if get_ident() != stepper.ident:
                raise RuntimeError("steps are taken in the thread that took the first")
            is_over = self._advance()
            yield from stepper.take(self.frame)
            if is_over:
                return

    def _advance(self) -> bool:
        """Execute one instruction; returns True after the last."""
        thread, frame = self.thread, self.frame
        raised: BaseException | None = None
        with importing.active(self.vm), self.vm.taken:
            recursion.begin(self.vm.recursion_limit)
            thread.current_frame = frame
            try:
                try:
                    for handler, operand in frame.instr:
                        switch = handler(frame, frame.localsplus, operand)
                        break
                except BaseException as error:
                    raised = error
                if raised is not None:
                    switch = unwind(frame, raised)
                    raised = None
            finally:
                thread.current_frame = None
                recursion.end()
        if switch is not None:
            self.frame = switch
        if not isinstance(self.frame, Shim):
            return False
        self.error, thread.error = thread.error, None
        if self.error is None:
            self.result = self.frame.localsplus.pop()
        return True

    def drop(self) -> None:
        """Let go of all frames that are left: nothing of the program stays alive."""
        frame: InterpreterFrame | None = self.frame
        while frame is not None:
            below = frame.previous
            if not isinstance(frame, Shim) and frame.owner.name == "THREAD":
                frame.localsplus.clear()
            frame = below
        del self.frame, self.thread


def _first_frame(
    vm: SteppingVM, func: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Any:
    """Make the frame of a call, or what makes the call if it begins natively."""
    if isinstance(func, CodeType):
        global_names = globals_of(args)
        global_names.setdefault("__builtins__", builtins)
        code = vm.code(func)
        empty: list[Any] = [NULL] * code.nlocalsplus
        frame = _frame(vm, code, vm.make_function(func, global_names), empty)
        frame.f_locals = global_names
        return frame
    made, values = adopted(vm, func), list(args)
    if isinstance(made, MethodType):
        values.insert(0, made.__self__)
        made = made.__func__
    if isinstance(made, FunctionType):
        known = vm.codes.get(id(made.__code__))
        localsplus = None if known is None else bind(known, made, values, kwargs)
        if known is not None and localsplus is not None:
            return _frame(vm, known, made, localsplus)
    return bound(vm, func, args, kwargs)


def _frame(
    vm: SteppingVM, code: Code, func: Any, localsplus: list[Any]
) -> InterpreterFrame:
    thread = vm.new_thread()
    shim = Shim(thread, None, 0)
    names, its_builtins = func.__globals__, func.__builtins__
    depth = shim.depth + 1
    return InterpreterFrame(
        code, shim, func, names, its_builtins, localsplus, thread, depth
    )


def _all_at_once(
    vm: SteppingVM, call: Callable[[], Any]
) -> tuple[BaseException | None, Any]:
    """Make a call that begins in native code, which nothing can stop."""
    with importing.active(vm), vm.taken:
        try:
            return None, call()
        except BaseException as error:
            return error, None


def steps(func: Callable[..., Any] | CodeType, /, *args: Any, **kwargs: Any) -> Steps:
    """Call a function in a VM, an instruction at a time: an iterator of `Step`.

    The program advances as the steps are taken; when it raises, so does the iterator
    after the last step. Only what runs in this thread is told, and what `repr` runs for
    the steps is not. Native code has no steps: those of `len` are none at all. A frame
    that waits for another one is shown as it was when it called that.
    """
    return Steps(func, args, kwargs)
