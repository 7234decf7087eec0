"""A code object decoded once: instructions, exception table, names of localsplus."""

from __future__ import annotations

import dis
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from frametools.vm._builtins import (
    AttributeError,
    SystemError,
    bool,
    enumerate,
    frozenset,
    getattr,
    len,
    range,
    tuple,
    zip,
)
from frametools.vm.frame import NULL
from frametools.vm.opcodes.control import JUMPS_TO
from frametools.vm.signals import request_in
from frametools.vm.versions import HANDLERS, cache_entries

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import CodeType

    from frametools.vm.frame import InterpreterFrame
    from frametools.vm.instruction import Handler
    from frametools.vm.vm import VM

CO_OPTIMIZED, CO_NEWLOCALS, CO_VARARGS, CO_VARKEYWORDS = 0x01, 0x02, 0x04, 0x08
CO_GENERATOR, CO_COROUTINE, CO_ASYNC_GENERATOR = 0x20, 0x80, 0x200
CO_ITERABLE_COROUTINE = 0x100
RESUMABLE = CO_GENERATOR | CO_COROUTINE | CO_ASYNC_GENERATOR

_JUMPS = frozenset(dis.hasjrel) | frozenset(dis.hasjabs)
_EXTENDED_ARG = dis.opmap["EXTENDED_ARG"]


class Instruction(NamedTuple):
    """One instruction, its EXTENDED_ARGs folded in."""

    index: int  # type: ignore[assignment]
    """Position in `Code.instructions`."""
    offset: int
    """In bytes, of the instruction itself: not of its first EXTENDED_ARG."""
    opname: str
    oparg: int
    target: int | None
    """Index of the instruction that it may jump to."""
    end: int
    """Offset of the next instruction: behind the inline caches."""


class Handled(NamedTuple):
    """Where an exception raised at an instruction is handled: a table entry."""

    target: int
    """Index of the handler's first instruction."""
    depth: int
    """Of the value stack when it begins."""
    lasti: bool
    """True if the raising instruction's offset is pushed before the exception."""


_DECODED = frozenset(
    "instructions first_traceable resumes handled ops plain_ops".split()
)


class Code:
    """What the VM knows of a code object; `VM.code` makes one per code object.

    `ops` holds (handler, operand) for each instruction. Frames that run iterate over
    this very list, so what instrumentation puts there takes effect at once.
    """

    __slots__ = (
        "__weakref__",
        "argcount",
        "children",
        "co",
        "first_traceable",
        "handled",
        "instructions",
        "is_decoded",
        "is_simple",
        "lines",
        "local_events",
        "localsplusnames",
        "nlocalsplus",
        "ops",
        "pad",
        "plain_ops",
        "resumable",
        "resumes",
        "trampoline_ref",
        "twin",
        "version",
        "vm",
    )

    instructions: tuple[Instruction, ...]
    first_traceable: int
    """Index of the first RESUME: before it nothing is seen."""
    resumes: tuple[int, ...]
    """Indexes of the RESUMEs."""
    handled: list[Handled | None]
    ops: list[tuple[Handler, Any]]
    plain_ops: list[tuple[Handler, Any]]
    """By instruction, with no instrumentation."""

    def __init__(self, co: CodeType, vm: VM | None) -> None:
        self.co = co
        self.vm: VM = vm  # type: ignore[assignment]
        """None in the code of shims."""
        self.is_decoded = False
        self.version: object = None
        """`VM.version` when it was last instrumented."""
        self.local_events: Any = None
        """What instrumentation keeps of this code; see instrumentation.py."""
        self.trampoline_ref: Callable[[], CodeType | None] = _no_trampoline
        """Weak: the trampoline holds this, and the collector sees into no code."""
        self.children: dict[int, CodeType] = {}
        """Trampolines of functions that this code makes, by id of their code."""
        self.twin: CodeType | None = None
        flags = co.co_flags
        self.resumable = flags & RESUMABLE
        self.argcount = co.co_argcount
        self.is_simple = not (
            flags & (CO_VARARGS | CO_VARKEYWORDS)
            or co.co_kwonlyargcount
            or not flags & CO_OPTIMIZED
        )
        cells = tuple(n for n in co.co_cellvars if n not in co.co_varnames)
        self.localsplusnames = co.co_varnames + cells + co.co_freevars
        self.nlocalsplus = len(self.localsplusnames)
        self.pad = [NULL] * (self.nlocalsplus - self.argcount)
        self.lines: dict[int, int | None] | None = None

    def __getattr__(self, name: str) -> Any:
        """Decode when it is first needed: most functions of a module never run."""
        if name not in _DECODED:
            raise AttributeError(name)
        self._fill()
        return getattr(self, name)

    def _fill(self) -> None:
        self.instructions = _decode(self.co)
        self.first_traceable = _first_resume(self.instructions)
        self.resumes = tuple(at.index for at in self.instructions if at[2] == "RESUME")
        self.handled = _exception_table(self.co, self.instructions)
        plain_ops = [self.op(instruction) for instruction in self.instructions]
        ops = plain_ops.copy()
        if self.is_decoded:
            return  # by another thread, whose frames run on its `ops`
        self.plain_ops, self.ops, self.is_decoded = plain_ops, ops, True
        self.fuse()
        if self.vm is not None and self.vm.pending:  # type: ignore[redundant-expr]
            request_in(self)

    def fuse(self) -> None:
        """Let some entries of `ops` do two instructions, where nobody watches them."""
        ops, plain = self.ops, self.plain_ops
        for instruction in self.instructions:
            if instruction.opname == "JUMP_BACKWARD":
                at = instruction.index
                target: int = instruction.target  # type: ignore[assignment]
                is_plain = ops[at] is plain[at] and ops[target] is plain[target]
                handler, ends = plain[target]
                if handler in JUMPS_TO and is_plain:
                    ops[at] = JUMPS_TO[handler], (*ends, target + 1)

    @property
    def trampoline(self) -> CodeType | None:
        """The code that stands for this one in functions, if there are any."""
        return self.trampoline_ref()

    def op(self, instruction: Instruction) -> tuple[Handler, Any]:
        """Return the handler of an instruction and its prepared operand."""
        handler: Any = HANDLERS.get(instruction.opname)
        if handler is None:
            # `co_code` has CACHE there.
            raw = self.co._co_code_adaptive  # type: ignore[attr-defined]
            return unknown_opcode, raw[instruction.offset]
        choose = handler.spec.choose
        if choose is not None:
            handler = choose(self, instruction) or handler
        return handler, handler.spec.prepare(self, instruction)

    def line(self, index: int) -> int | None:
        """Return the line of an instruction, None if it has none."""
        if self.lines is None:
            self.lines = {
                offset: line
                for start, end, line in self.co.co_lines()
                for offset in range(start, end, 2)
            }
        return self.lines.get(self.instructions[index].offset)

    def __repr__(self) -> str:
        return f"<Code {self.co.co_qualname}>"


def _no_trampoline() -> None: ...


def unknown_opcode(frame: InterpreterFrame, _stack: list[Any], op: int) -> NoReturn:
    """Refuse an instruction that no compiler emits, worded as the host's."""
    co = frame.code.co
    line = frame.code.line(frame.instr_ptr)
    raise SystemError(f"{co.co_filename}:{line}: unknown opcode {op}")


def _decode(co: CodeType) -> tuple[Instruction, ...]:
    raw = co.co_code
    found: list[tuple[int, int, str, int, int]] = []
    index_at: dict[int, int] = {}
    at = extended = 0
    while at < len(raw):
        index_at.setdefault(at, len(found))
        op, oparg = raw[at], raw[at + 1] | extended
        if op == _EXTENDED_ARG:
            extended = oparg << 8
            at += 2
            # A jump may go to the EXTENDED_ARG: it means the instruction behind.
            index_at[at] = len(found)
            continue
        extended = 0
        opname = dis.opname[op]
        end = at + 2 + 2 * cache_entries(opname)
        found.append((at, op, opname, oparg, end))
        at = end
    return tuple(
        Instruction(
            index, at, opname, oparg, _target(op, opname, oparg, end, index_at), end
        )
        for index, (at, op, opname, oparg, end) in enumerate(found)
    )


def _target(
    op: int, opname: str, oparg: int, end: int, index_at: dict[int, int]
) -> int | None:
    if op not in _JUMPS:
        return None
    is_backward = "BACKWARD" in opname or opname == "END_ASYNC_FOR"
    return index_at[end - 2 * oparg if is_backward else end + 2 * oparg]


def _first_resume(instructions: tuple[Instruction, ...]) -> int:
    """Find where a function starts.

    Generator expressions of 3.15 have a RESUME 4 before that.
    """
    for instruction in instructions:
        if instruction.opname == "RESUME" and not instruction.oparg:
            return instruction.index
    return len(instructions)


def _varints(table: bytes) -> Iterator[int]:
    """Yield the numbers of an exception table: big-endian, six bits a byte."""
    value = 0
    for byte in table:
        value = value << 6 | byte & 63
        if not byte & 64:
            yield value
            value = 0


def _exception_table(
    co: CodeType, instructions: tuple[Instruction, ...]
) -> list[Handled | None]:
    """Return what handles an exception at each instruction.

    See InternalDocs/exception_handling.md; entries hold start, length and target in
    code units, then depth << 1 | lasti.
    """
    index_at = {instruction.offset: instruction.index for instruction in instructions}
    found: list[Handled | None] = [None] * len(instructions)
    fields = [_varints(co.co_exceptiontable)] * 4
    for start, length, target, flags in zip(*fields, strict=False):
        at = 2 * target
        while at not in index_at:  # an EXTENDED_ARG
            at += 2
        entry = Handled(index_at[at], flags >> 1, bool(flags & 1))
        for offset in range(2 * start, 2 * (start + length), 2):
            if offset in index_at:
                found[index_at[offset]] = entry
    return found
