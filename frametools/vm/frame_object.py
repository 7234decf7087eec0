"""FrameObject: what a program sees of a frame, made when something asks for it.

    InterpreterFrame --frame_obj--> FrameData - - weak - -> FrameObject --back--> ...
           ^                                                     |
           +------------------------ f_frame --------------------+

In CPython the frame and its object are told apart when the frame ends: if nobody else
holds the object it is freed, else it takes the frame over (`take_ownership`), and holds
the object of the frame that called it. Here a frame never keeps its object: one that
somebody holds (the program, an entry of a traceback, a frame that it called) keeps the
frame by itself. What must last as long as the frame (the trace function, extra locals)
is in its `FrameData`.
"""

from __future__ import annotations

import sys
from types import FrameType
from typing import TYPE_CHECKING, Any, NoReturn, Self
from weakref import ref

from frametools._python import (
    CLEARS_AN_SUSPENDED_FRAME,
    CLEARS_UNSTARTED_COROUTINES,
    CLOSE_KEEPS_UNSTARTED_FRAMES,
    FINISHED_GENERATORS_KEEP_BACK,
    HAS_F_GENERATOR,
    KEEPS_SUSPENDED_FRAMES,
    LASTI_IS_BEHIND_YIELD,
    TRACE_OPCODES_CANNOT_BE_DELETED,
)
from frametools.vm import frame_locals, resumption
from frametools.vm._builtins import (
    AttributeError,
    RuntimeError,
    TypeError,
    bool,
    dir,
    getattr,
    id,
    object,
    property,
    sorted,
    str,
    type,
)
from frametools.vm.ending import forget
from frametools.vm.frame import InterpreterFrame, Owner
from frametools.vm.resumption import CO_COROUTINE, CREATED, EXECUTING

if TYPE_CHECKING:
    from collections.abc import Callable

MODEL_TYPES: dict[int, type] = {}
"""What `type(x)` is for the program, by the id of what it is here: to ask a dict for a
type runs its metaclass's `__hash__` and `__eq__`."""

INTERPRETER, GENERATOR = Owner.INTERPRETER, Owner.GENERATOR
FRAME_OBJECT = Owner.FRAME_OBJECT


class FrameData:
    """What lasts as long as the frame: fields of `PyFrameObject` (pycore_frame.h).

    Each entry of a traceback makes one, so what it begins with is the class's.
    """

    object: ref[FrameObject]
    """The frame object, while somebody holds it."""
    f_trace: Any = None
    f_trace_lines = True
    f_trace_opcodes = False
    f_lineno = 0
    """The line that a trace function is told of; 0: that of the instruction."""
    f_lasti: int | None = None
    """Where a frame is said to be that ended before it began; None of any other."""
    extra_locals: dict[Any, Any] | None = None
    """Keys of `f_locals` that are no variables (PEP 667)."""


class Member:
    """An attribute that answers and refuses as a getset of the host does."""

    def __init__(
        self,
        get: Callable[[Any], Any],
        put: Callable[[Any, Any], None] | None = None,
        delete: Callable[[Any], None] | None = None,
    ) -> None:
        self.get, self.put, self.delete = get, put, delete
        self.__doc__ = get.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, instance: Any, owner: type) -> Any:
        return self if instance is None else self.get(instance)

    def __set__(self, instance: Any, value: Any) -> None:
        (self.put or self.refuse)(instance, value)

    def __delete__(self, instance: Any) -> None:
        (self.delete or self.refuse)(instance)

    def refuse(self, instance: Any, _value: Any = None) -> NoReturn:
        """Raise the error of a getset without a setter."""
        raise AttributeError(
            f"attribute '{self.name}' of '{type(instance).__name__}' objects "
            "is not writable"
        )


class _NoModule(str):
    """`__module__` of a class whose instances have none, as with types of the host."""

    __slots__ = ()

    def __get__(self, instance: Any, owner: Any = None) -> Self:
        if instance is None:
            return self
        raise AttributeError(
            f"{type(instance).__name__!r} object has no attribute '__module__'"
        )


NO_MODULE = _NoModule("builtins")


def _back(self: FrameObject) -> FrameObject | None:
    """The caller's frame: PyFrame_GetBack."""
    back = get_back(self.f_frame)
    return None if back is None else of(back)


def _generator(self: FrameObject) -> Any:
    """The generator whose frame it is, until that has ended: PyFrame_GetGenerator."""
    return get_generator(self.f_frame)


def _lasti(self: FrameObject) -> int:
    """The byte offset of the instruction: PyFrame_GetLasti."""
    return lasti(self.f_frame)


def _lineno(self: FrameObject) -> int | None:
    """The line that runs, None if the instruction has none: PyFrame_GetLineNumber."""
    return line_number(self.f_frame)


def _set_lineno(self: FrameObject, line: Any) -> None:
    from frametools.vm.set_lineno import set_lineno

    set_lineno(self, line)


def _keep_lineno(_self: FrameObject) -> None:
    # The host's own words: they differ between versions.
    del _HOST_FRAME.f_lineno


def _set_trace(self: FrameObject, function: Any) -> None:
    self.data.f_trace = function
    if self.data.f_trace_opcodes:
        _opcodes_are_traced(self)


def _del_trace(self: FrameObject) -> None:
    self.data.f_trace = None


def _set_trace_lines(self: FrameObject, flag: Any) -> None:
    _check_bool(flag)
    self.data.f_trace_lines = flag


def _keep_trace_lines(_self: FrameObject) -> None:
    raise TypeError("can't delete numeric/char attribute")


def _set_trace_opcodes(self: FrameObject, flag: Any) -> None:
    _check_bool(flag)
    self.data.f_trace_opcodes = flag
    if flag:
        _opcodes_are_traced(self)


def _keep_trace_opcodes(_self: FrameObject) -> None:
    if TRACE_OPCODES_CANNOT_BE_DELETED:
        raise AttributeError(
            "attribute 'f_trace_opcodes' of 'frame' objects cannot be deleted"
        )
    # 3.12.1 and 3.13.0 crash (gh-156189): here it is refused as 3.11 does.
    raise TypeError("can't delete numeric/char attribute")


def _check_bool(flag: Any) -> None:
    if flag is not True and flag is not False:
        raise TypeError("attribute value type must be bool")


def _opcodes_are_traced(frame: FrameObject) -> None:
    """Have instructions instrumented: `set_opcode_trace`."""
    from frametools.vm import tracing

    changed = getattr(tracing, "opcodes_are_traced", None)
    if changed is not None:
        changed(frame.f_frame)


class FrameObject:
    """A frame as the program sees it: `PyFrameObject`.

    `f_frame` is the `InterpreterFrame`, `data` its `FrameData`, `back` the object of
    the caller once the frame has ended; they are ours and do not show in `dir()`.
    """

    __slots__ = ("__weakref__", "back", "data", "f_frame")

    f_frame: InterpreterFrame
    data: FrameData
    back: FrameObject | None

    def __new__(cls, *_args: object, **_kwargs: object) -> Self:
        """Refuse, as the host does: `of` makes frame objects."""
        raise TypeError("cannot create 'frame' instances")

    f_back = Member(_back)
    f_code = Member(lambda self: self.f_frame.code.co)
    f_globals = Member(lambda self: self.f_frame.f_globals)
    f_builtins = Member(lambda self: self.f_frame.f_builtins)
    f_locals = Member(lambda self: frame_locals.get_locals(self.f_frame))
    f_lasti = Member(_lasti)
    f_lineno = Member(_lineno, _set_lineno, _keep_lineno)
    f_trace = Member(lambda self: self.data.f_trace, _set_trace, _del_trace)
    f_trace_lines = Member(
        lambda self: self.data.f_trace_lines, _set_trace_lines, _keep_trace_lines
    )
    f_trace_opcodes = Member(
        lambda self: self.data.f_trace_opcodes, _set_trace_opcodes, _keep_trace_opcodes
    )
    if HAS_F_GENERATOR:
        f_generator = Member(_generator)

    @property
    def __class__(self) -> type:
        return FrameType

    @__class__.setter
    def __class__(self, value: type) -> NoReturn:
        raise TypeError(
            "__class__ assignment only supported for mutable types or ModuleType "
            "subclasses"
        )

    def clear(self) -> None:
        """F.clear(): clear most references held by the frame"""  # noqa: D400, D415
        clear(self.f_frame)

    def __repr__(self) -> str:
        co = self.f_frame.code.co
        line = line_number(self.f_frame)
        return (
            f"<frame at {id(self):#x}, file {co.co_filename!r}, "
            f"line {-1 if line is None else line}, code {co.co_name}>"
        )

    def __sizeof__(self) -> int:
        co = self.f_frame.code.co
        slots = self.f_frame.code.nlocalsplus + co.co_stacksize
        return _FIXED_SIZE + _POINTER * slots

    def __dir__(self) -> list[str]:
        return sorted(dir(FrameType))

    def __reduce__(self) -> NoReturn:
        raise TypeError("cannot pickle 'frame' object")

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("cannot pickle 'frame' object")


FrameObject.__name__ = FrameObject.__qualname__ = "frame"
FrameObject.__module__ = NO_MODULE
MODEL_TYPES[id(FrameObject)] = FrameType


_new_object = object.__new__


def of(frame: InterpreterFrame) -> FrameObject:
    """Return the object of a frame, the same while anyone holds it.

    As `_PyFrame_GetFrameObject`; about 0.5 us if it must be made.
    """
    data = frame.frame_obj
    made = None if data is None else data.object()
    if made is None:
        made = _new_object(FrameObject)
        made.f_frame = frame
        if data is None:
            data = frame.frame_obj = FrameData()
        data.object = ref(made)
        made.data = data
    return made


def of_twin(host_frame: FrameType) -> FrameObject | None:
    """Return the frame object that a frame of the host stands for in tracebacks."""
    stands_for: Any = host_frame.f_trace
    return stands_for if type(stands_for) is FrameObject else None


def first_complete(frame: InterpreterFrame | None) -> InterpreterFrame | None:
    """Go on to a frame that a program may see: `_PyFrame_GetFirstComplete`.

    That is no shim, and no frame that has not come to its RESUME yet.
    """
    while frame is not None and is_incomplete(frame):
        frame = frame.previous
    return frame


def get_back(frame: InterpreterFrame) -> InterpreterFrame | None:
    """Return the frame that a frame goes back to: None of a suspended generator's."""
    if (
        frame.generator is not None
        and frame.frame_state != EXECUTING
        and (frame.owner is GENERATOR or not FINISHED_GENERATORS_KEEP_BACK)
    ):
        return None
    return first_complete(frame.previous)


def get_generator(frame: InterpreterFrame) -> Any:
    """Return the generator that a frame belongs to, None once it has ended."""
    if frame.generator is None or frame.owner is not GENERATOR:
        return None
    return frame.generator()


def is_incomplete(frame: InterpreterFrame) -> bool:
    """Say if a program must not see this frame: `_PyFrame_IsIncomplete`."""
    if frame.owner is INTERPRETER:
        return True
    if frame.owner is GENERATOR:
        return False
    resumes = frame.code.resumes
    return bool(resumes) and frame.instr_ptr < resumes[0]


def line_number(frame: InterpreterFrame) -> int | None:
    """Return the line that a frame is at: PyFrame_GetLineNumber."""
    data = frame.frame_obj
    if data is not None and data.f_lineno:
        return data.f_lineno
    index = frame.instr_ptr
    code = frame.code
    return code.co.co_firstlineno if index < 0 else code.line(index)


def lasti(frame: InterpreterFrame) -> int:
    """Return the byte offset that a frame is at: PyFrame_GetLasti."""
    data = frame.frame_obj
    said = None if data is None else data.f_lasti
    return frame.lasti if said is None else said


def is_executing(frame: InterpreterFrame) -> bool:
    """Say if a frame is on its thread's stack. O(depth) for one of a call."""
    if frame.owner is FRAME_OBJECT:
        return False
    if frame.owner is GENERATOR:
        return frame.frame_state == EXECUTING
    above = frame.thread.current_frame
    while above is not None:
        if above is frame:
            return True
        above = above.previous
    return False


def take_ownership(frame: InterpreterFrame) -> None:
    """Give a frame that has ended to its object: `take_ownership`, Python/frame.c.

    Its variables stay as they are, and so does the frame that it was called from. If
    nobody holds the object the frame goes, like any other.
    """
    frame.owner = FRAME_OBJECT
    if is_incomplete(frame):
        _pretend_it_began(frame)
    if frame.generator is not None and not FINISHED_GENERATORS_KEEP_BACK:
        frame.previous = None
    data = frame.frame_obj
    held = None if data is None else data.object()
    if held is not None:
        back = first_complete(frame.previous)
        held.back = None if back is None else of(back)


def _pretend_it_began(frame: InterpreterFrame) -> None:
    """Put a frame at its first RESUME, or behind that: it might not be seen before."""
    instructions = frame.code.instructions
    at = frame.code.resumes[0]
    offset = instructions[at].offset
    if LASTI_IS_BEHIND_YIELD:
        offset += 2
        at += instructions[at + 1].offset == offset  # else that is an inline cache
    frame.instr.__setstate__(at + 1)
    data: Any = frame.frame_obj
    data.f_lasti = offset


resumption.take_ownership.append(take_ownership)


def clear(frame: InterpreterFrame) -> None:
    """Clear a frame that does not run: `frame_clear` in Objects/frameobject.c.

    A suspended generator is closed, or is left alone where the host does so.
    """
    if is_executing(frame):
        raise RuntimeError("cannot clear an executing frame")
    generator = None if frame.generator is None else frame.generator()
    if generator is None or frame.owner is FRAME_OBJECT:
        clear_locals(frame)
        return
    if generator.frame is None:
        return  # it was closed: the frame goes with the generator
    if frame.frame_state == CREATED:
        if frame.code.co.co_flags & CO_COROUTINE and not CLEARS_UNSTARTED_COROUTINES:
            from frametools.vm.coroutine import warn_unawaited

            warn_unawaited(generator)
            return
        if CLOSE_KEEPS_UNSTARTED_FRAMES:
            resumption.complete(generator, frame)
            return
    elif KEEPS_SUSPENDED_FRAMES:
        article = "an" if CLEARS_AN_SUSPENDED_FRAME else "a"
        raise RuntimeError(f"cannot clear {article} suspended frame")
    generator.__del__()


def clear_locals(frame: InterpreterFrame) -> None:
    """Forget the variables and the value stack: `frame_tp_clear`."""
    data = frame.frame_obj
    if data is not None:
        data.f_trace = None
        data.extra_locals = None
    forget(frame)


def _one() -> Any:
    yield


def _sample() -> tuple[FrameType, int]:
    """Return a frame of the host, and its size without variables and stack."""
    frame = _one().gi_frame
    co = frame.f_code
    return frame, frame.__sizeof__() - _POINTER * (co.co_nlocals + co.co_stacksize)


_POINTER = sys.maxsize.bit_length() // 8 + 1
_HOST_FRAME, _FIXED_SIZE = _sample()
