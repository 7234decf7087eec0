"""`vm.trace`: a table of instructions, the value stack before and after each."""

from __future__ import annotations

import dis
import sys
from typing import TYPE_CHECKING, Any, TextIO

from frametools.vm._builtins import BaseException, any, len, max, min, str
from frametools.vm.fitting import cut, stacks
from frametools.vm.stepping import Steps
from frametools.vm.tracebacks import strip_handled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import CodeType

    from frametools.snapshot import Step, StepChange

WIDTH = 80
"""Characters of a row where there is no terminal."""

_INDENT, _DEEPEST = 2, 4
"""Of a call; rows of deeper frames are not indented more."""
_PLACE = 12
"""Characters of line and offset."""
_LEAST_STACK, _MOST_STACK = 12, 48


def trace(
    func: Callable[..., Any] | CodeType,
    /,
    *args: Any,
    file: TextIO | None = None,
    width: int | None = None,
    **kwargs: Any,
) -> Any:
    """Call a function, or execute code, and print each instruction as a table.

    Prints to `file`, or to standard output, while the program runs. Rows are as wide
    as the terminal (or COLUMNS), 80 characters if there is none; `width` says
    otherwise. Returns what the function returns and raises what it raises; see `steps`.
    """
    out = sys.stdout if file is None else file
    if width is None:
        import shutil

        width = shutil.get_terminal_size((WIDTH, 24)).columns
    try:
        with Steps(func, args, kwargs) as steps:
            table = Table(width)
            for step in steps:
                for row in table.rows(step):
                    out.write(row + "\n")
            return steps.result
    except BaseException:
        strip_handled()
        raise


class Table:
    """Makes the rows of the table, step by step.

    A frame's rows are indented by its depth; it has a heading when it begins, and again
    when it goes on after the frames that it called.
    """

    def __init__(self, width: int = WIDTH) -> None:
        self.width = width
        self._shown: tuple[object, int] | None = None
        self._line: int | None = None
        self._has_begun = False

    def rows(self, step: Step) -> Iterator[str]:
        """Give the rows of a step."""
        for row in self._rows(step):
            yield cut(row.rstrip(), max(self.width, 20))

    def _rows(self, step: Step) -> Iterator[str]:
        here = step.before.code, step.depth
        if here != self._shown:
            yield from self._heading(step)
            self._shown, self._line = here, None
        line = step.instruction.line
        shown = "" if line == self._line else str(line) if line else "--"
        self._line = line
        place = f"{shown:>4} {step.instruction.offset:>5}  "
        yield from self._columns(step, _indent(step.depth) + place)
        for change in step.changes:
            if change.kind == "unwind":
                yield f"{_indent(change.depth)}{'':{_PLACE}}unwind {change.name}"
            elif change.kind == "raise":
                text = f"raise {change.value}"
                yield f"{_indent(change.depth)}{'':{_PLACE}}{text} in {change.name}"
        if any(change.kind in _ENDS for change in step.changes):
            self._shown = None

    def _columns(self, step: Step, begin: str) -> Iterator[str]:
        """Give the instruction and the stacks; what does not fit has its own row."""
        first, left, right = self._widths(step.depth)
        event = _event(step)
        after = step.frames[step.depth].stack if _stays(step) else None
        beside = right - len(event) - 2 if event else right
        # Beside an event there is room for the stack, or else the event is below.
        is_below = beside < (_LEAST_STACK if after else 2 if after is not None else -2)
        if after is None:
            stack = step.before.stack  # its top is what is raised or given
            before, shown = stacks(stack, stack, (left, right))[0], ""
        else:
            room = right if is_below else beside
            before, shown = stacks(step.before.stack, after, (left, room))
        if event and not is_below:
            shown = f"{shown}  {event}" if shown else event
        instruction = _instruction(step, first)
        yield f"{begin}{instruction:<{first}}  {before:<{left}}  {shown}"
        if is_below:
            yield f"{'':{len(begin)}}{event}"

    def _widths(self, depth: int) -> tuple[int, int, int]:
        """Return those of the instruction and of the stack before and after."""
        room = self.width - len(_indent(depth)) - _PLACE - 4
        first = 24 if room < 90 else 32
        left = max(min((room - first) // 2, _MOST_STACK), _LEAST_STACK)
        return first, left, max(room - first - left, _LEAST_STACK)

    def _heading(self, step: Step) -> Iterator[str]:
        frame, indent = step.before, _indent(step.depth)
        code = frame.code
        owner = "" if frame.owner == "THREAD" else f"  ({frame.owner})"
        depth = f"  depth {step.depth}" if step.depth > _DEEPEST else ""
        place = f"{code.filename}:{code.firstlineno}"
        yield f"{indent}{code.qualname}  {place}{owner}{depth}"
        if self._has_begun:
            return
        self._has_begun = True
        first, left, _ = self._widths(step.depth)
        names = f"{'instruction':<{first}}  {'stack before':<{left}}"
        yield f"{indent}line offset {names}  stack after"


_ENDS = ("return", "yield", "unwind", "raise")


def _indent(depth: int) -> str:
    return " " * (_INDENT * min(depth, _DEEPEST))


def _instruction(step: Step, width: int) -> str:
    """Name an instruction and what it works on; the name is cut first."""
    name, argument = step.instruction.opname, step.instruction.argrepr
    if not argument and dis.opmap.get(name, 0) >= dis.HAVE_ARGUMENT:
        argument = str(step.instruction.oparg)
    if not argument:
        return cut(name, width)
    argument = cut(argument, max(width - len(name) - 1, width // 2))
    return f"{cut(name, width - len(argument) - 1)} {argument}"


def _left(step: Step) -> StepChange | None:
    """Find how the frame was left, if it was by this instruction."""
    for change in step.changes:
        if change.depth == step.depth and change.kind in ("return", "yield"):
            return change
    return None


def _stays(step: Step) -> bool:
    """Tell if the frame has a stack afterwards that says something."""
    is_there = step.depth < len(step.frames)
    return is_there and step.raised is None and _left(step) is None


def _event(step: Step) -> str:
    """Tell what an instruction did besides changing the stack."""
    if step.raised is not None:
        return f"raise {step.raised}"
    left = _left(step)
    if left is not None:
        return left.kind + ("" if left.value is None else f" {left.value}")
    found = []
    for change in step.changes:
        if change.kind in ("call", "resume") and change.depth > step.depth:
            return f"{change.kind} {change.name}"
        if change.kind == "set" and change.depth == step.depth:
            is_gone = change.value is None
            found.append(
                f"del {change.name}" if is_gone else f"{change.name} = {change.value}"
            )
    return ", ".join(found)
