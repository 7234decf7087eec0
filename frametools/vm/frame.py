"""InterpreterFrame: the record of one execution of a code object.

    f_executable previous f_funcobj f_globals f_builtins f_locals frame_obj
    instr_ptr stackpointer return_offset owner
    localsplus: [ fast locals | cells | free variables | value stack ... ]

The model is `_PyInterpreterFrame` (Include/internal/pycore_interpframe_structs.h; until
3.13 pycore_frame.h). `localsplus` is one list whose end is the top of the value stack.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Any, Final

from frametools._python import LASTI_IS_BEHIND_YIELD
from frametools.vm._builtins import (
    iter,
    len,
    tuple,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType

    from frametools.vm.code import Code
    from frametools.vm.ending import Ending
    from frametools.vm.frame_object import FrameData
    from frametools.vm.thread import ExcInfo, ThreadState


class Null:
    """What an empty slot of `localsplus` holds: a NULL pointer in CPython."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "<NULL>"


NULL: Final = Null()


class Owner(IntEnum):
    """Who the memory of a frame belongs to: `enum _frameowner`, 3.14."""

    THREAD = 0
    GENERATOR = 1
    FRAME_OBJECT = 2
    INTERPRETER = 3
    """The frame below all others of an entry; CSTACK until 3.13."""
    CSTACK = 4


class InterpreterFrame:
    """One execution of a code object.

    `instr` is an iterator over the code's decoded instructions and plays the part of
    the instruction pointer: advancing it costs less than an index kept in the frame.
    """

    __slots__ = (
        "__weakref__",
        "code",
        "depth",
        "ending",
        "exc_info",
        "f_builtins",
        "f_funcobj",
        "f_globals",
        "f_locals",
        "frame_obj",
        "frame_state",
        "generator",
        "instr",
        "localsplus",
        "owner",
        "previous",
        "recorded",
        "return_offset",
        "thread",
    )

    code: Code
    previous: InterpreterFrame | None
    f_funcobj: Callable[..., Any] | None
    f_globals: dict[str, Any]
    f_builtins: dict[str, Any]
    f_locals: Any
    """The namespace of a module or class body; None in a function."""
    frame_obj: FrameData | None
    """None until something asks for the frame object; see frame_object.py."""
    instr: Any
    localsplus: list[Any]
    recorded: tuple[int, int, int, object]
    """What a recording keeps while the frame is suspended; unset if nothing."""
    return_offset: int
    """Index where the frame goes on if the one it called or resumed returns;
    -1: after the instruction that did so."""
    owner: Owner
    generator: Any
    """A weak reference to the generator, coroutine or async generator that the frame
    belongs to; None for other frames. See resumption.py."""
    frame_state: int
    """Of a generator's frame: a `resumption.FrameState`."""
    exc_info: ExcInfo | None
    """Of a generator's frame that handles an exception: its item of the stack."""
    ending: Ending
    """Has the variables die first to last, where they do; unset if nothing need."""
    thread: ThreadState
    depth: int
    """Frames below it that count against the recursion limit."""

    def __init__(
        self,
        code: Code,
        previous: InterpreterFrame | None,
        func: Callable[..., Any] | None,
        global_names: dict[str, Any],
        builtins: dict[str, Any],
        localsplus: list[Any],
        thread: ThreadState,
        depth: int,
    ) -> None:
        self.code = code
        self.previous = previous
        self.f_funcobj = func
        self.f_globals = global_names
        self.f_builtins = builtins
        self.localsplus = localsplus
        self.thread = thread
        self.depth = depth
        self.instr = iter(code.ops)
        self.owner = THREAD
        self.frame_obj = self.generator = self.f_locals = None

    @property
    def f_executable(self) -> CodeType:
        """The code object."""
        return self.code.co

    @property
    def instr_ptr(self) -> int:
        """Index of the instruction that is executing or was last; -1 before the first.

        In CPython it is a pointer; `lasti` is what is derived from it in bytes.
        """
        left: int = self.instr.__length_hint__()
        return len(self.code.ops) - left - 1

    @property
    def lasti(self) -> int:
        """Byte offset of that instruction: `_PyInterpreterFrame_LASTI`, as f_lasti."""
        index = self.instr_ptr
        if index < 0:
            return -1
        if LASTI_IS_BEHIND_YIELD and self.generator is not None and self._is_suspended:
            index += 1
        return self.code.instructions[index].offset

    @property
    def _is_suspended(self) -> bool:
        return self.frame_state < 0  # resumption.FrameState

    @property
    def stackpointer(self) -> int:
        """Index in `localsplus` one beyond the top of the value stack."""
        return len(self.localsplus)

    @property
    def stack(self) -> tuple[Any, ...]:
        """The value stack, bottom first."""
        return tuple(self.localsplus[self.code.nlocalsplus :])

    def __repr__(self) -> str:
        return f"<InterpreterFrame {self.code.co.co_qualname} at {self.lasti}>"


THREAD = Owner.THREAD


class Shim(InterpreterFrame):
    """The frame that the frames of an entry return to: `_PyEntryFrame`, 3.12.

    Its only instruction is INTERPRETER_EXIT. What is the same for all is in the class.
    """

    __slots__ = ()

    code: Code
    """Set once there are handlers: see interpreter.py."""
    f_funcobj = f_locals = generator = frame_obj = None
    f_globals: dict[str, Any] = {}  # noqa: RUF012 -- nobody writes to it
    f_builtins = f_globals
    owner = Owner.INTERPRETER
    return_offset = -1
    instr = iter(())

    def __init__(
        self, thread: ThreadState, previous: InterpreterFrame | None, depth: int
    ) -> None:
        self.thread = thread
        self.previous = previous
        self.depth = depth
        self.localsplus = []
