"""Frames as plain data, as steps show them: made anew only for what has run.

Between two looks only the frame that both have on top, or the caller of what is new,
can have executed anything: all others are shown as they were.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple
from weakref import WeakKeyDictionary, ref

from frametools._safe_repr import REDACTED, is_secret, safe_repr, size_note
from frametools.events import CodeRef
from frametools.snapshot import StepFrame
from frametools.vm._builtins import (
    BaseException,
    bool,
    enumerate,
    id,
    int,
    issubclass,
    len,
    reversed,
    tuple,
    type,
)
from frametools.vm.async_generator import WrappedValue
from frametools.vm.frame import NULL, InterpreterFrame, Shim

if TYPE_CHECKING:
    from frametools.vm.code import Code

LIMIT = 60
"""Characters of a value in a step."""

_ADDRESS = re.compile(" at 0x[0-9a-fA-F]*")
"""Left out: two runs of a program have the same steps."""

_SMALL = 1 << 100


class Look(NamedTuple):
    """Frames as they were at one moment, outermost first."""

    frames: tuple[StepFrame, ...]
    kept: int
    """How many of them the look before this one had."""


class _Known(NamedTuple):
    """What is the same for all frames of a code object."""

    code: Code
    """Held: its id is not given to another one."""
    ref: CodeRef
    secrets: tuple[int, ...]
    """Slots that have names of secrets."""
    lastis: dict[int, int]
    """Of handlers with an offset on the stack: where, by their first index."""


class Looker:
    """Looks at the frames of one thread; it keeps none of them alive."""

    def __init__(self) -> None:
        self.is_quiet = False
        """True while `repr` may run code of the program."""
        self._known: dict[int, _Known] = {}
        self._refs: list[ref[InterpreterFrame]] = []
        self._ids: list[int] = []
        self._positions: dict[int, int] = {}
        """By id, where in these lists a frame is."""
        self._frames: list[StepFrame] = []
        self._lastis: WeakKeyDictionary[InterpreterFrame, tuple[int, ...]] = (
            WeakKeyDictionary()
        )
        """Where on frames' stacks there are offsets instead of objects."""

    def forget(self) -> None:
        """Let go of all there is of the program."""
        self._known.clear()
        self._cut(0)

    def is_on_top(self, frame: InterpreterFrame) -> bool:
        """Tell if a frame was the innermost one when last looked at."""
        return bool(self._refs) and self._refs[-1]() is frame

    def look(self, frame: InterpreterFrame | None) -> Look:
        """Look at a frame and those below it."""
        new, at = self._new(frame)
        self._cut(at + 1)
        if at >= 0:
            known: Any = self._refs[at]()
            self._frames[at] = self._frame(known)
        for each in reversed(new):
            self._positions[id(each)] = len(self._ids)
            self._ids.append(id(each))
            self._refs.append(ref(each))
            self._frames.append(self._frame(each))
        return Look(tuple(self._frames), at + 1)

    def _new(
        self, frame: InterpreterFrame | None
    ) -> tuple[list[InterpreterFrame], int]:
        """Return the frames not seen yet, innermost first, and where they begin."""
        new: list[InterpreterFrame] = []
        while frame is not None:
            if type(frame) is not Shim:
                at = self._positions.get(id(frame), -1)
                if at >= 0 and self._refs[at]() is frame:
                    return new, at
                new.append(frame)
            frame = frame.previous
        return new, -1

    def _cut(self, count: int) -> None:
        for ident in self._ids[count:]:
            del self._positions[ident]
        del self._ids[count:], self._refs[count:], self._frames[count:]

    def _frame(self, frame: InterpreterFrame) -> StepFrame:
        code, localsplus = frame.code, frame.localsplus
        count, index = code.nlocalsplus, frame.instr_ptr
        known = self._known.get(id(code)) or self._about(code)
        lastis = self._lastis_of(frame, known, index)
        value = self.value
        values = [value(each) for each in localsplus.copy()]
        for at in known.secrets:
            if at < len(values) and values[at] is not None:
                values[at] = "None" if localsplus[at] is None else REDACTED
        for at in lastis:
            values[count + at] = f"<lasti {2 * localsplus[count + at]}>"
        return StepFrame(
            known.ref,
            frame.owner.name,
            code.instructions[index].offset if index >= 0 else -1,
            (code.line(index) if index >= 0 else code.co.co_firstlineno) or 0,
            code.localsplusnames,
            tuple(values[:count]),
            tuple(values[count:]),
        )

    def _about(self, code: Code) -> _Known:
        co = code.co
        where = CodeRef(co.co_qualname, co.co_filename, co.co_firstlineno, co.co_flags)
        names = enumerate(code.localsplusnames)
        secrets = tuple(at for at, name in names if is_secret(name))
        lastis = {
            entry.target: entry.depth
            for entry in code.handled
            if entry is not None and entry.lasti
        }
        known = _Known(code, where, secrets, lastis)
        self._known[id(code)] = known
        return known

    def _lastis_of(
        self, frame: InterpreterFrame, known: _Known, index: int
    ) -> tuple[int, ...]:
        """Return where on the stack unwinding has put the offset of an instruction."""
        if not known.lastis:
            return ()
        stack = frame.localsplus[frame.code.nlocalsplus :]
        found = self._lastis.get(frame, ())
        # A handler is next, or, if native code has entered, it is just beginning.
        begun = known.lastis.get(index + 1, known.lastis.get(index, -1))
        is_new = 0 <= begun == len(stack) - 2 and begun not in found
        if is_new and issubclass(type(stack[-1]), BaseException):
            found = (*found, begun)
        found = tuple(at for at in found if at < len(stack) and type(stack[at]) is int)
        if found:
            self._lastis[frame] = found
        else:
            self._lastis.pop(frame, None)
        return found

    def value(self, value: Any) -> str | None:
        """Show a slot; None if it is empty."""
        kind = type(value)
        if kind is int and -_SMALL < value < _SMALL:
            return int.__repr__(value)
        if value is None or kind is bool:
            return "None" if value is None else "True" if value else "False"
        return None if value is NULL else self.text(value)

    def text(self, value: Any) -> str:
        """Show an object."""
        if type(value) is WrappedValue:
            return f"<wrapped {self.text(value.value)[: LIMIT - 10]}>"
        was_quiet, self.is_quiet = self.is_quiet, True
        try:
            text = safe_repr(value, 2 * LIMIT)
            if " at 0x" in text:
                text = _ADDRESS.sub("", text)
            if len(text) <= LIMIT:
                return text
            end = f"… {note}" if (note := size_note(value)) else "…"
            return text[: LIMIT - len(end)] + end
        finally:
            self.is_quiet = was_quiet
