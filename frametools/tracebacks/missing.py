"""Why a name of a frame has no value: it was not assigned yet, or it was deleted.

If nothing in the code deletes the name, it was not assigned. Otherwise all ways from
the function's beginning to where the frame stands are followed, handlers too. Only if
all of them end with a `del` (or the end of an `except ... as name`) is it said to be
deleted; if some do, nothing is said. Costs 1 us per name where the code has no
deletion, 2 us per instruction else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from frametools.tracebacks.handlers import handlers

if TYPE_CHECKING:
    import dis
    from collections.abc import Iterable, Iterator
    from types import CodeType

UNASSIGNED = "not yet assigned"
DELETED = "deleted"
UNKNOWN = "no value"

_NEVER, _HAS, _GONE = 1, 2, 4
_WHY = {_NEVER: UNASSIGNED, _GONE: DELETED}
_LONGEST = 20_000
"""Bytes of code; longer code is not followed."""

_DELETES = ("DELETE_FAST", "DELETE_DEREF")
_ENDS = ("RETURN_VALUE", "RETURN_CONST", "RAISE_VARARGS", "RERAISE")
_ALWAYS = ("JUMP_FORWARD", "JUMP_BACKWARD")


class Instructions:
    """The code of a function, decoded once."""

    def __init__(self, code: CodeType) -> None:
        import dis

        self.by_offset: dict[int, dis.Instruction] = {}
        self.next: dict[int, int] = {}
        previous = None
        for each in dis.get_instructions(code):
            self.by_offset[each.offset] = each
            if previous is not None:
                self.next[previous] = each.offset
            previous = each.offset
        self.handlers = handlers(code)


class At(NamedTuple):
    """Where a frame stands, in bytes of its code."""

    lasti: int
    raised: int
    """Where it raised; if it only calls, the same."""


def reasons(code: CodeType, at: At, names: Iterable[str]) -> Iterator[str]:
    """Yield for each name without a value why: UNASSIGNED, DELETED or UNKNOWN."""
    decoded = None
    found = opcodes(code)
    for name in names:
        if name in code.co_freevars or _inner_can_delete(code, name):
            yield UNKNOWN
        elif not found.can_delete:
            yield UNASSIGNED
        elif len(code.co_code) > _LONGEST:
            yield UNKNOWN
        else:
            decoded = decoded or Instructions(code)
            yield _WHY.get(_possible(decoded, code, at, name) & ~_HAS, UNKNOWN)


class Opcodes(NamedTuple):
    """What can take a name's value away, in a code object."""

    can_delete: bool
    has_comprehension: bool
    """It has a comprehension that is run in the frame itself, since 3.12."""


def opcodes(code: CodeType) -> Opcodes:
    """Look for the opcodes, 10 ns per instruction; caches count as instructions."""
    import opcode

    found = set(code.co_code[::2])
    numbers = opcode.opmap
    return Opcodes(
        any(numbers.get(name) in found for name in _DELETES),
        numbers.get("LOAD_FAST_AND_CLEAR") in found,
    )


def comprehension_names(code: CodeType) -> set[str]:
    """Give the variables of comprehensions that have no frame of their own.

    That is PEP 709, since 3.12. They have a value only while the comprehension runs.
    """
    if not opcodes(code).has_comprehension:
        return set()
    import dis

    each = dis.get_instructions(code)
    return {x.argval for x in each if x.opname == "LOAD_FAST_AND_CLEAR"}


def _inner_can_delete(code: CodeType, name: str) -> bool:
    """Tell if a function inside may delete this variable: `nonlocal x; del x`."""
    inner = (each for each in code.co_consts if type(each) is type(code))
    return name in code.co_cellvars and any(
        name in each.co_freevars
        and (opcodes(each).can_delete or _inner_can_delete(each, name))
        for each in inner
    )


def _possible(decoded: Instructions, code: CodeType, at: At, name: str) -> int:
    """Give the states that the name can be in where the frame stands.

    If it raised there, handlers may have run on the way out, and the RERAISE behind
    them has put `f_lasti` back (its oparg says so): their states count as well.
    """
    count = code.co_argcount + code.co_kwonlyargcount
    count += bool(code.co_flags & 0x4) + bool(code.co_flags & 0x8)
    first = _HAS if name in code.co_varnames[:count] else _NEVER
    states = _states(decoded, [(next(iter(decoded.by_offset)), first)], name)
    before = states.get(at.raised, 0) or _NEVER | _GONE
    begins = [
        (target, before)
        for start, end, target in decoded.handlers
        if start <= at.raised < end
    ]
    behind = _states(decoded, begins, name)
    if at.lasti != at.raised:
        return behind[at.lasti] or states.get(at.lasti, 0)
    for offset, each in decoded.by_offset.items():
        if each.opname == "RERAISE" and each.arg:
            before |= behind[offset]
    return before


def _states(
    decoded: Instructions, work: list[tuple[int, int]], name: str
) -> dict[int, int]:
    """Follow all ways from some places; give the states before each instruction."""
    states = dict.fromkeys(decoded.by_offset, 0)
    while work:
        offset, state = work.pop()
        if offset not in states or state | states[offset] == states[offset]:
            continue
        states[offset] |= state
        work += _onward(decoded, decoded.by_offset[offset], states[offset], name)
    return states


def _onward(
    decoded: Instructions, each: dis.Instruction, state: int, name: str
) -> Iterator[tuple[int, int]]:
    """Yield where an instruction can lead, and the name's state there."""
    for start, end, target in decoded.handlers:
        if start <= each.offset < end:
            yield target, state  # what raises has not stored or deleted
    after = _after(each, state, name)
    is_end = each.opname in _ENDS or each.opname.startswith(_ALWAYS)
    if not is_end and each.offset in decoded.next:
        yield decoded.next[each.offset], after
    if _jumps(each):
        yield each.argval, after


def _jumps(each: dis.Instruction) -> bool:
    import dis

    return each.opcode in dis.hasjrel or each.opcode in dis.hasjabs


def _after(each: dis.Instruction, state: int, name: str) -> int:
    """Give the state behind an instruction."""
    names = each.argval if isinstance(each.argval, tuple) else (each.argval,)
    if name not in names:
        return state
    if each.opname in _DELETES:
        return _GONE
    if each.opname.startswith(("STORE_FAST", "STORE_DEREF", "STORE_NAME")):
        return _HAS
    if each.opname == "LOAD_FAST_AND_CLEAR":
        return _NEVER | _HAS | _GONE
    return state
