"""What an instruction did: two looks at the frames, and their difference."""

from __future__ import annotations

import dis
import re
from types import CellType
from typing import TYPE_CHECKING, Any, NamedTuple

from frametools._safe_repr import safe_repr
from frametools.events import CodeRef
from frametools.snapshot import Step, StepChange, StepFrame, StepInstruction
from frametools.vm._builtins import (
    BaseException,
    ValueError,
    enumerate,
    id,
    len,
    list,
    min,
    next,
    range,
    reversed,
    tuple,
    type,
    zip,
)
from frametools.vm.frame import NULL, InterpreterFrame, Shim

if TYPE_CHECKING:
    from collections.abc import Iterator

    from frametools.vm.code import Code, Instruction

LIMIT = 60
"""Characters of a value in a step."""

_ADDRESS = re.compile(" at 0x[0-9a-fA-F]+")
"""Left out: two runs of a program have the same steps."""


class _Look(NamedTuple):
    """Frames as they were at one moment, outermost first."""

    ids: tuple[int, ...]
    frames: tuple[StepFrame, ...]


class _Pending:
    """A step whose end has not been seen."""

    def __init__(self, instruction: StepInstruction, look: _Look) -> None:
        self.instruction = instruction
        self.look = look
        self.raised: str | None = None


class Stepper:
    """Makes the steps of one thread, as the instructions of its program begin."""

    def __init__(self, ident: int) -> None:
        self.ident = ident
        self.is_quiet = False
        """True while nothing is told: `repr` runs code of the program."""
        self._done: list[Step] = []
        self._pending: _Pending | None = None
        self._count = 0
        self._instructions: dict[int, tuple[Code, dict[int, StepInstruction]]] = {}

    def begin(self, frame: InterpreterFrame, instruction: Instruction) -> _Pending:
        """Note that an instruction begins: the one before it has ended."""
        look = self._look(frame)
        self._finish(look, frame)
        self._pending = _Pending(self._shown(frame.code, instruction), look)
        return self._pending

    def raised(self, mine: _Pending, error: BaseException) -> None:
        """Note what an instruction raised."""
        if mine is self._pending:
            mine.raised = self._repr(error)

    def take(self, frame: InterpreterFrame | None) -> Iterator[Step]:
        """Give the steps that have ended; `frame` is the innermost one now."""
        if self._pending is not None:
            self._finish(self._look(frame), frame)
            self._pending = None
        done, self._done = self._done, []
        yield from done

    def forget(self) -> None:
        """Let go of all there is of the program."""
        self._pending = None
        self._done.clear()
        self._instructions.clear()

    def _finish(self, after: _Look, frame: InterpreterFrame | None) -> None:
        pending = self._pending
        if pending is None:
            return
        before = pending.look
        step = Step(
            self._count,
            pending.instruction,
            len(before.frames) - 1,
            before.frames[-1],
            after.frames,
            tuple(_changes(before, after, pending)),
            pending.raised,
            () if frame is None else self._handled(frame),
        )
        self._count += 1
        self._done.append(step)

    def _look(self, frame: InterpreterFrame | None) -> _Look:
        chain: list[InterpreterFrame] = []
        while frame is not None:
            if type(frame) is not Shim:
                chain.append(frame)
            frame = frame.previous
        chain.reverse()
        ids = tuple(id(each) for each in chain)
        return _Look(ids, tuple(self._frame(each) for each in chain))

    def _frame(self, frame: InterpreterFrame) -> StepFrame:
        code, localsplus = frame.code, list(frame.localsplus)
        count, index = code.nlocalsplus, frame.instr_ptr
        values = [self._value(value) for value in localsplus]
        return StepFrame(
            _code_ref(code),
            frame.owner.name,
            frame.lasti,
            (code.line(index) if index >= 0 else code.co.co_firstlineno) or 0,
            code.localsplusnames,
            tuple(values[:count]),
            tuple(values[count:]),
        )

    def _value(self, value: Any) -> str | None:
        if value is NULL:
            return None
        if type(value) is not CellType:
            return self._repr(value)
        try:
            return f"cell({self._repr(value.cell_contents)})"
        except ValueError:
            return "cell()"

    def _repr(self, value: Any) -> str:
        was_quiet, self.is_quiet = self.is_quiet, True
        try:
            return _ADDRESS.sub("", safe_repr(value, 2 * LIMIT))[:LIMIT]
        finally:
            self.is_quiet = was_quiet

    def _handled(self, frame: InterpreterFrame) -> tuple[str, ...]:
        item = frame.thread.exc_info
        found = []
        while item is not None:
            if item.exc_value is not None:
                found.append(self._repr(item.exc_value))
            item = item.previous  # type: ignore[assignment]
        return tuple(found[::-1])

    def _shown(self, code: Code, instruction: Instruction) -> StepInstruction:
        if id(code) not in self._instructions:
            shown = {
                each.offset: _instruction(code, each)
                for each in dis.get_instructions(code.co)
            }
            self._instructions[id(code)] = code, shown
        return self._instructions[id(code)][1][instruction.offset]


def _instruction(code: Code, each: dis.Instruction) -> StepInstruction:
    line = next(
        (line for start, end, line in code.co.co_lines() if start <= each.offset < end),
        None,
    )
    oparg = each.arg or 0
    return StepInstruction(each.offset, each.opname, oparg, each.argrepr, line or 0)


def _code_ref(code: Code) -> CodeRef:
    co = code.co
    return CodeRef(co.co_qualname, co.co_filename, co.co_firstlineno, co.co_flags)


def _changes(before: _Look, after: _Look, pending: _Pending) -> Iterator[StepChange]:
    """Tell two looks apart: what each frame's slots, stack and place have become."""
    common, innermost = _common(before, after), len(before.ids) - 1
    kind = "return" if pending.raised is None else "unwind"
    if pending.raised is None and pending.instruction.opname in _YIELDS:
        kind = "yield"
        common = min(common, innermost)  # native code may have resumed it already
    for depth in range(innermost, common - 1, -1):
        left = before.frames[depth]
        value = None
        if depth == innermost and kind != "unwind":
            value = _given(pending.instruction, left, after)
        yield StepChange(kind, depth, left.code.qualname, value)
    for depth in range(common):
        yield from _changes_of_frame(depth, before.frames[depth], after.frames[depth])
    for depth in range(common, len(after.ids)):
        entered = after.frames[depth]
        kind = "call" if entered.offset <= 0 else "resume"
        yield StepChange(kind, depth, entered.code.qualname)


_YIELDS = ("YIELD_VALUE", "INSTRUMENTED_YIELD_VALUE")


def _given(instruction: StepInstruction, frame: StepFrame, after: _Look) -> str | None:
    """Return what a frame that is left gives to the one below."""
    if "CONST" in instruction.opname:
        return instruction.argrepr
    if "GENERATOR" in instruction.opname:
        below = after.frames[-1].stack if after.frames else ()
        return below[-1] if below else None
    return frame.stack[-1] if frame.stack else None


def _common(before: _Look, after: _Look) -> int:
    """Count the frames, from the outermost on, that are there in both."""
    common = 0
    for old, new in zip(before.ids, after.ids):
        # No code goes back to its start: a new frame has the place of one that ended.
        is_new = after.frames[common].offset <= 0 < before.frames[common].offset
        if old != new or is_new:
            break
        common += 1
    return common


def _changes_of_frame(
    depth: int, old: StepFrame, new: StepFrame
) -> Iterator[StepChange]:
    for at, name in enumerate(new.names):
        if old.localsplus[at] != new.localsplus[at]:
            yield StepChange("set", depth, name, new.localsplus[at])
    same = 0
    while old.stack[same : same + 1] == new.stack[same : same + 1] != ():
        same += 1
    for value in reversed(old.stack[same:]):
        yield StepChange("pop", depth, "", value)
    for value in new.stack[same:]:
        yield StepChange("push", depth, "", value)
