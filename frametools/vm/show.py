"""`vm.trace`: a table of instructions, the value stack before and after each."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, TextIO

from frametools.vm._builtins import any, len, str, zip
from frametools.vm.stepping import Steps

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import CodeType

    from frametools.snapshot import Step, StepChange, StepFrame

INDENT = "    "
_WIDTHS = 30, 40
"""Characters of an instruction, and of a stack, in the table's columns."""


def trace(
    func: Callable[..., Any] | CodeType,
    /,
    *args: Any,
    file: TextIO | None = None,
    **kwargs: Any,
) -> Any:
    """Call a function, or execute code, and print each instruction as a table.

    Prints to `file`, or to standard output, while the program runs. Returns what the
    function returns and raises what it raises; see `steps`.
    """
    out = sys.stdout if file is None else file
    with Steps(func, args, kwargs) as steps:
        table = Table()
        for step in steps:
            for row in table.rows(step):
                out.write(row + "\n")
        return steps.result


class Table:
    """Makes the rows of the table, step by step.

    A frame's rows are indented by its depth; it has a heading when it begins, and again
    when it goes on after the frames that it called.
    """

    def __init__(self) -> None:
        self._shown: tuple[object, int] | None = None
        self._line = 0
        self._has_begun = False

    def rows(self, step: Step) -> Iterator[str]:
        """Give the rows of a step."""
        indent = INDENT * step.depth
        here = step.before.code, step.depth
        if here != self._shown:
            yield from self._heading(step, indent)
            self._shown, self._line = here, 0
        line = step.instruction.line
        shown = str(line) if line and line != self._line else ""
        self._line = line or self._line
        columns = (_instruction(step), _stack(step.before), _after(step))
        padded = "  ".join(
            text.ljust(width) for text, width in zip(columns, (*_WIDTHS, 0))
        )
        yield f"{indent}{shown:>5} {step.instruction.offset:>6}  {padded}".rstrip()
        for change in step.changes:
            if change.kind == "unwind":
                yield f"{INDENT * change.depth}      unwind {change.name}"
        if any(change.kind in _ENDS for change in step.changes):
            self._shown = None

    def _heading(self, step: Step, indent: str) -> Iterator[str]:
        frame = step.before
        code = frame.code
        place = f"{code.filename}:{code.firstlineno}"
        yield f"{indent}{code.qualname}  {place}{_owner(frame)}"
        if self._has_begun:
            return
        self._has_begun = True
        instruction, stack = _WIDTHS
        names = f"{'instruction':<{instruction}}  {'stack before':<{stack}}"
        yield f"{indent} line offset  {names}  stack after"


_ENDS = ("return", "yield", "unwind")


def _owner(frame: StepFrame) -> str:
    return "" if frame.owner == "THREAD" else f"  ({frame.owner})"


def _instruction(step: Step) -> str:
    instruction = step.instruction
    text = instruction.opname
    if instruction.argrepr:
        text += f" {instruction.argrepr}"
    elif instruction.oparg:
        text += f" {instruction.oparg}"
    width = _WIDTHS[0]
    return text if len(text) <= width else text[: width - 1] + "…"


def _stack(frame: StepFrame, width: int = _WIDTHS[1]) -> str:
    """Show a stack, bottom first; what has no room at the bottom is left out."""
    shown = ["NULL" if value is None else value for value in frame.stack]
    whole = f"[{', '.join(shown)}]"
    while len(whole) > width and len(shown) > 1:
        del shown[0]
        whole = f"[…, {', '.join(shown)}]"
    return whole if len(whole) <= width else whole[: width - 2] + "…]"


def _after(step: Step) -> str:
    """Tell what became of the stack, or of the frame."""
    if step.raised is not None:
        return f"raise {step.raised}" + _handler(step)
    mine = [change for change in step.changes if change.depth >= step.depth]
    left = _first(mine, ("return", "yield"))
    if left is not None and left.depth == step.depth:
        return left.kind + ("" if left.value is None else f" {left.value}")
    stack = _stack(step.frames[step.depth]) if step.depth < len(step.frames) else ""
    entered = _first(mine, ("call", "resume"))
    return stack if entered is None else f"{stack}  {entered.kind} {entered.name}"


def _handler(step: Step) -> str:
    """Show the stack with which the handler begins, if it is in the same frame."""
    if step.depth < len(step.frames):
        return f", handled: {_stack(step.frames[step.depth])}"
    return ""


def _first(changes: list[StepChange], kinds: tuple[str, ...]) -> StepChange | None:
    for change in changes:
        if change.kind in kinds:
            return change
    return None
