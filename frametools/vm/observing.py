"""What an instruction did: two looks at the frames, and their difference."""

from __future__ import annotations

import dis
from typing import TYPE_CHECKING

from frametools.snapshot import Step, StepChange, StepFrame, StepInstruction
from frametools.vm._builtins import (
    BaseException,
    enumerate,
    id,
    len,
    min,
    property,
    range,
    reversed,
    tuple,
)
from frametools.vm.looking import Look, Looker

if TYPE_CHECKING:
    from collections.abc import Iterator

    from frametools.vm.code import Code, Instruction
    from frametools.vm.frame import InterpreterFrame


class _Pending:
    """A step whose end has not been seen."""

    __slots__ = ("instruction", "look", "passed", "raised")

    def __init__(self, instruction: StepInstruction, look: Look) -> None:
        self.instruction = instruction
        self.look = look
        self.raised: str | None = None
        self.passed: tuple[StepChange, ...] = ()
        """What instructions below have raised since: calls of native code."""


class Stepper:
    """Makes the steps of one thread, as the instructions of its program begin."""

    def __init__(self, ident: int) -> None:
        self.ident = ident
        self._looker = Looker()
        self._done: list[Step] = []
        self._pending: _Pending | None = None
        self._taken: Look | None = None
        """The last look, if no instruction has begun since."""
        self._count = 0
        self._instructions: dict[int, tuple[Code, dict[int, StepInstruction]]] = {}

    @property
    def is_quiet(self) -> bool:
        """True while nothing is told: `repr` runs code of the program."""
        return self._looker.is_quiet

    def begin(self, frame: InterpreterFrame, instruction: Instruction) -> _Pending:
        """Note that an instruction begins: the one before it has ended."""
        look, self._taken = self._taken, None
        if look is None or not self._looker.is_on_top(frame):
            look = self._looker.look(frame)
        if self._pending is not None:
            self._finish(self._pending, look, frame)
        self._pending = _Pending(self._shown(frame.code, instruction), look)
        return self._pending

    def raised(self, mine: _Pending, error: BaseException) -> None:
        """Note what an instruction raised."""
        shown, pending = self._looker.text(error), self._pending
        if mine is pending:
            mine.raised = shown
        elif pending is not None:
            depth = len(mine.look.frames) - 1
            name = mine.look.frames[depth].code.qualname
            pending.passed += (StepChange("raise", depth, name, shown),)

    def take(self, frame: InterpreterFrame | None) -> Iterator[Step]:
        """Give the steps that have ended; `frame` is the innermost one now."""
        if self._pending is not None:
            self._taken = look = self._looker.look(frame)
            self._finish(self._pending, look, frame)
            self._pending = None
        done, self._done = self._done, []
        yield from done

    def end(self) -> None:
        """Tell nothing more, and let go of all there is of the program."""
        self._looker.is_quiet = True
        self._pending = self._taken = None
        self._done.clear()
        self._instructions.clear()
        self._looker.forget()

    def _finish(
        self, pending: _Pending, after: Look, frame: InterpreterFrame | None
    ) -> None:
        before = pending.look.frames
        step = Step(
            self._count,
            pending.instruction,
            len(before) - 1,
            before[-1],
            after.frames,
            tuple(_changes(pending, after)),
            pending.raised,
            () if frame is None else self._handled(frame),
        )
        self._count += 1
        self._done.append(step)

    def _handled(self, frame: InterpreterFrame) -> tuple[str, ...]:
        item = frame.thread.exc_info
        found = []
        while item is not None:
            if item.exc_value is not None:
                found.append(self._looker.text(item.exc_value))
            item = item.previous  # type: ignore[assignment]
        return tuple(found[::-1])

    def _shown(self, code: Code, instruction: Instruction) -> StepInstruction:
        known = self._instructions.get(id(code))
        if known is None:
            shown = {
                each.offset: _instruction(each)
                for each in dis.get_instructions(code.co)
            }
            known = self._instructions[id(code)] = code, shown
            for each in code.instructions:
                line = code.line(each.index) or 0
                shown[each.offset] = shown[each.offset]._replace(line=line)
        return known[1][instruction.offset]


_JUMPS = (*dis.hasjrel, *dis.hasjabs)


def _instruction(each: dis.Instruction) -> StepInstruction:
    # Labels, which `dis` has from 3.13 on, stand nowhere in a step.
    argrepr = f"to {each.argval}" if each.opcode in _JUMPS else each.argrepr
    return StepInstruction(each.offset, each.opname, each.arg or 0, argrepr, 0)


def _changes(pending: _Pending, after: Look) -> Iterator[StepChange]:
    """Tell two looks apart: what each frame's slots, stack and place have become."""
    before = pending.look.frames
    common, innermost = after.kept, len(before) - 1
    kind = "return" if pending.raised is None else "unwind"
    if pending.raised is None and pending.instruction.opname in _YIELDS:
        kind = "yield"
        common = min(common, innermost)  # native code may have resumed it already
    yield from _left(pending, after, common, kind)
    if common:
        at = common - 1
        yield from _changes_of_frame(at, before[at], after.frames[at])
    for depth in range(common, len(after.frames)):
        entered = after.frames[depth]
        kind = "call" if entered.offset <= 0 else "resume"
        yield StepChange(kind, depth, entered.code.qualname)


_YIELDS = ("YIELD_VALUE", "INSTRUMENTED_YIELD_VALUE")


def _left(
    pending: _Pending, after: Look, common: int, kind: str
) -> Iterator[StepChange]:
    """Tell which frames are left, and what has been raised on the way."""
    before, passed = pending.look.frames, pending.passed
    for depth in range(len(before) - 1, common - 1, -1):
        for change in passed:
            if change.depth == depth:
                yield change
        value, frame = None, before[depth]
        if kind != "unwind":
            value = _given(pending.instruction, frame, after)
        yield StepChange(kind, depth, frame.code.qualname, value)
        kind = "unwind"  # an instruction returns from one frame only
    for change in passed:
        if change.depth < common:
            yield change


def _given(instruction: StepInstruction, frame: StepFrame, after: Look) -> str | None:
    """Return what a frame that is left gives to the one below."""
    if "CONST" in instruction.opname:
        return instruction.argrepr
    if "GENERATOR" in instruction.opname:
        below = after.frames[-1].stack if after.frames else ()
        return below[-1] if below else None
    return frame.stack[-1] if frame.stack else None


def _changes_of_frame(
    depth: int, old: StepFrame, new: StepFrame
) -> Iterator[StepChange]:
    if old.localsplus != new.localsplus:
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
