"""VM: which code it runs, on which threads, and what watches it."""

from __future__ import annotations

from _thread import _local, get_ident
from types import CellType, FunctionType
from typing import TYPE_CHECKING, Any
from weakref import WeakValueDictionary

import frametools.vm.lookasides  # noqa: F401 -- registers them
from frametools.vm import (
    monitoring,  # noqa: F401 -- for their look-asides
    recursion,
    signals,
    tracing,  # noqa: F401
)
from frametools.vm._builtins import (
    BaseException,
    TypeError,
    id,
    isinstance,
    tuple,
    type,
)
from frametools.vm.calling import HIDDEN
from frametools.vm.code import Code
from frametools.vm.entry import trampoline
from frametools.vm.frame import Shim
from frametools.vm.instrumentation import Monitors
from frametools.vm.opcodes.control import interpreter_exit
from frametools.vm.policy import EVERYTHING, Policy
from frametools.vm.thread import ThreadState
from frametools.vm.tracebacks import strip_handled

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType

    from frametools.vm.frame import InterpreterFrame
    from frametools.vm.hooks import Hooks


class VM:
    """A virtual machine: decoded code, threads, and its own monitoring state.

    `policy` says which modules it runs itself: `Policy.of(native=["json.*"])`. `hooks`
    is told what happens: see hooks.py. Raises TypeError for what is no `Policy`.
    """

    def __init__(
        self, policy: Policy = EVERYTHING, *, hooks: Hooks | None = None
    ) -> None:
        if not isinstance(policy, Policy):
            kind = type(policy).__name__
            raise TypeError(f"policy must be a frametools.vm.Policy, not {kind}")
        self.policy = policy
        self.native: dict[int, CodeType] = {}
        """Code of functions that are called natively, kept alive for `codes`."""
        self.codes: dict[int, Code | None] = {}
        """By id of the code of a function: of a trampoline while it lives, or of code
        that was adopted, for good; None if functions with it are called natively."""
        self.decoded: WeakValueDictionary[int, Code] = WeakValueDictionary()
        """By id of the original code object. What is decoded lives as long as a
        function or a frame has it, or the code that makes such functions does."""
        self.recursion_limit = recursion.program_limit()
        self.threads: dict[int, ThreadState] = {}
        self.local: Any = _local()
        """Its `thread` is the ThreadState of the thread that asks."""
        self.main = get_ident()
        self.watching: Any = None
        """What is told of raised exceptions: see `unwind`; None if nothing is."""
        self.monitors = Monitors(self)
        self.pending: list[tuple[Callable[[int, Any], object], int, ThreadState]] = []
        """Handlers of signals that are to run before the next instruction."""
        self.version: object = None
        """Changes whenever what is watched does; see instrumentation.py."""
        if hooks is not None:
            from frametools.vm.hooks import attach

            attach(self, hooks)

    def call(
        self, func: Callable[..., Any] | CodeType, /, *args: Any, **kwargs: Any
    ) -> Any:
        """Call a callable, or execute code, in this VM: as `frametools.vm.call`."""
        from frametools.vm.running import call_in

        try:
            return call_in(self, func, args, kwargs)
        except BaseException:
            strip_handled()
            raise

    def code(self, co: CodeType) -> Code:
        """Return a code object decoded."""
        code = self.decoded.get(id(co))
        if code is None:
            code = self.decoded[id(co)] = self.decode(co)
            if id(co) in self.monitors.local:
                self.monitors.update(code)
        return code

    def decode(self, co: CodeType) -> Code:
        """Decode a code object."""
        return Code(co, self)

    def make_function(
        self,
        co: CodeType,
        global_names: dict[str, Any],
        closure: tuple[Any, ...] | None = None,
        maker: Code | None = None,
    ) -> FunctionType:
        """Make a function of a code object, as MAKE_FUNCTION does in `maker`'s code."""
        if maker is None:
            made = trampoline(self.code(co))
        elif id(co) in maker.children:
            made = maker.children[id(co)]
        else:
            made = maker.children[id(co)] = trampoline(self.code(co))
        if closure is None and made.co_freevars:
            closure = tuple(CellType() for _ in made.co_freevars)
        return FunctionType(made, global_names, None, None, closure)

    def instrument(self, frame: InterpreterFrame) -> InterpreterFrame | None:
        """Bring the code of a frame at RESUME up to date, and run RESUME again."""
        self.monitors.update(frame.code)
        frame.instr.__setstate__(frame.instr_ptr)
        return None

    def adopt(self, fn: FunctionType) -> Code | None:
        """Decide if a function that was made natively is run by the VM."""
        co = fn.__code__
        # A trampoline that is not ours is another VM's.
        if id(co) in HIDDEN or not self.policy.runs(fn):
            self.native[id(co)] = co
            self.codes[id(co)] = None
            return None
        code = self.codes[id(co)] = self.code(co)
        return code

    def new_thread(self) -> ThreadState:
        """Begin to know the thread that calls."""
        thread = self.threads[get_ident()] = self.local.thread = ThreadState(self)
        return thread

    def begin(self) -> None:
        """Prepare for this thread's first frame."""
        recursion.begin(self.recursion_limit)
        if get_ident() == self.main:
            signals.begin(self)

    def end(self) -> None:
        """Forget this thread, whose last frame was left, unless it is the main one."""
        recursion.end()
        if get_ident() != self.main:
            del self.threads[get_ident()], self.local.thread
        else:
            signals.end(self)

    def function(self, fn: FunctionType) -> FunctionType:
        """Return a function like `fn` that this VM runs, whoever calls it."""
        new = FunctionType(
            trampoline(self.code(fn.__code__)),
            fn.__globals__,
            fn.__name__,
            fn.__defaults__,
            fn.__closure__,
        )
        new.__kwdefaults__ = fn.__kwdefaults__
        return new


def _nothing() -> None: ...


def _shim_code() -> Code:
    """Make the code of shims: `interp->interpreter_trampoline`, 3.12 and 3.13."""
    co = _nothing.__code__.replace(
        co_name="<shim>", co_qualname="<shim>", co_filename="<shim>"
    )
    code = Code(co, None)
    code.ops[:] = [(interpreter_exit, None)]
    return code


Shim.code = _shim_code()  # type: ignore[misc]  # hides the slot
