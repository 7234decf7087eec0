"""The ways through a code object, and what they do to the values of its names.

    STORE_FAST x | LOAD.. CALL POP_TOP DELETE_FAST x | LOAD.. RETURN_VALUE
    '-stretch 0  '-stretch 1, raises: handler        '-stretch 2, leads nowhere

A stretch is cut behind each instruction that stores, deletes or jumps, and where a jump
or a handler leads to: before all of its instructions the names are in the same state.
A state has three bits for each name: it never had a value, it has one, it was deleted;
ways that meet are joined by `|`, so all names are followed at once.
"""

from __future__ import annotations

import opcode
from bisect import bisect_right
from functools import cache
from itertools import chain, compress
from typing import TYPE_CHECKING, NamedTuple

from frametools.tracebacks.handlers import handlers

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import CodeType

    Stretch = tuple[int, int, tuple[int, ...]]
    """What it keeps of a state and adds to it, and to which stretches it leads."""

_STORE, _STORE_TWO, _STORE_FIRST, _DELETE, _JUMP, _BACK, _END = (1, 2, 4, 8, 16, 32, 64)
_CACHE = opcode.opmap["CACHE"]
_EXTENDED_ARG = opcode.opmap["EXTENDED_ARG"]
_DELETES = [opcode.opmap[name] for name in ("DELETE_FAST", "DELETE_DEREF")]
_CLEARS = opcode.opmap.get("LOAD_FAST_AND_CLEAR", -1)
_KINDS = {
    "STORE_FAST": _STORE,
    "STORE_DEREF": _STORE,
    "STORE_FAST_STORE_FAST": _STORE_TWO,
    "STORE_FAST_LOAD_FAST": _STORE_FIRST,
    "DELETE_FAST": _DELETE,
    "DELETE_DEREF": _DELETE,
    "RETURN_VALUE": _END,
    "RETURN_CONST": _END,
    "RAISE_VARARGS": _END,
    "RERAISE": _END,
    "JUMP_FORWARD": _JUMP | _END,
    "JUMP_BACKWARD": _JUMP | _BACK | _END,
    "JUMP_BACKWARD_NO_INTERRUPT": _JUMP | _BACK | _END,
}


@cache
def _kinds() -> bytes:
    """Give for each opcode what it does, 0 if that is nothing of these."""
    table = bytearray(256)
    for name, number in opcode.opmap.items():
        if number < 256:
            jump = _JUMP | _BACK * ("BACKWARD" in name)
            usual = jump if number in opcode.hasjrel else 0
            table[number] = _KINDS.get(name, usual)
    return bytes(table)


class Marked(NamedTuple):
    """An instruction that ends a stretch; numbers are those of code units."""

    unit: int
    following: int
    """The next instruction."""
    kind: int
    arg: int
    opcode: int


def can_delete(code: CodeType) -> bool:
    """Tell if an instruction of the code can take a name's value away. 0.1 ns/byte."""
    opcodes = code.co_code[::2]
    return any(number in opcodes for number in _DELETES)


def comprehension_names(code: CodeType) -> set[str]:
    """Give the variables of comprehensions that have no frame of their own.

    That is PEP 709, since 3.12. They have a value only while the comprehension runs.
    """
    if _CLEARS < 0 or _CLEARS not in code.co_code[::2]:
        return set()
    is_clear = bytes(number == _CLEARS for number in range(256))
    all_names = names(code)
    return {all_names[each.arg] for each in _marked(code, is_clear)}


def names(code: CodeType) -> tuple[str, ...]:
    """Give the names of localsplus, by index."""
    own = code.co_varnames
    cells = tuple(name for name in code.co_cellvars if name not in own)
    return own + cells + code.co_freevars


def _marked(code: CodeType, kinds: bytes) -> Iterator[Marked]:
    """Yield the instructions that have a kind, in the order of the code."""
    opcodes, args = code.co_code[::2], code.co_code[1::2]
    for unit, kind in enumerate(opcodes.translate(kinds)):
        if kind:
            arg, before, shift = args[unit], unit - 1, 8
            while before >= 0 and opcodes[before] == _EXTENDED_ARG:
                arg |= args[before] << shift
                before, shift = before - 1, shift + 8
            following = unit + 1
            while following < len(opcodes) and opcodes[following] == _CACHE:
                following += 1
            yield Marked(unit, following, kind, arg, opcodes[unit])


class Flow:
    """The stretches of a code object; 3 us for each."""

    def __init__(self, code: CodeType) -> None:
        self.names = names(code)
        table = [(a // 2, b // 2, c // 2) for a, b, c in handlers(code)]
        marked = list(_marked(code, _kinds()))
        begins = {0, *chain.from_iterable(table), *(each[1] for each in marked)}
        begins.update(_target(each) for each in marked if each[2] & _JUMP)
        self._begins = sorted(begins)
        index = {unit: number for number, unit in enumerate(self._begins)}
        last = len(index) - 1
        self.stretches: list[Stretch] = [(-1, 0, (n + 1,)) for n in range(last)]
        self.stretches.append((-1, 0, ()))
        for each in marked:
            following = index[each[1]]
            self.stretches[following - 1] = self._stretch(each, following, index)
        self.handlers = [-1] * len(index)
        """By stretch: that of its handler."""
        for start, end, target in table:
            first, count = index[start], index[end] - index[start]
            self.handlers[first : first + count] = [index[target]] * count
        reraise = opcode.opmap["RERAISE"]
        is_back = (each.opcode == reraise and each.arg for each in marked)
        self.reraises = [index[each[1]] - 1 for each in compress(marked, is_back)]
        """Those that end by putting `f_lasti` back."""
        count = code.co_argcount + code.co_kwonlyargcount
        count += bool(code.co_flags & 0x4) + bool(code.co_flags & 0x8)
        given = (1 << count) - 1
        self.first = (1 << len(self.names)) - 1 - given | given << len(self.names)
        """The state in which the code begins: parameters have a value."""

    def at(self, unit: int) -> int:
        """Give the stretch that an instruction is in."""
        return max(bisect_right(self._begins, unit) - 1, 0)

    def bits(self, state: int, index: int) -> tuple[bool, bool, bool]:
        """Tell of a name if it can be that it never had a value, has, was deleted."""
        count = len(self.names)
        never, has, gone = (state >> index + each * count & 1 for each in range(3))
        return bool(never), bool(has), bool(gone)

    def _stretch(self, each: Marked, following: int, index: dict[int, int]) -> Stretch:
        onward = () if each.kind & _END else (following,)
        if each.kind & _JUMP:
            return -1, 0, (*onward, index[_target(each)])
        count, give, changed = len(self.names), 0, 0
        for name in _changed(each):
            changed |= (1 | 1 << count | 1 << 2 * count) << name
            give |= 1 << name + (2 if each.kind == _DELETE else 1) * count
        return ~changed, give, onward

    def follow(
        self, begins: Iterable[tuple[int, int]], most: int
    ) -> tuple[list[int], int]:
        """Follow all ways from stretches in a state.

        Give the state before each stretch, 0 where no way leads, and how many steps of
        the `most` are left: if none, the states are not complete. A step takes 1 us.
        The stretches are gone through in the order of the code, again and again, until
        nothing changes; handlers, which stand at its end, lead back: 3 times are usual.
        """
        states = [0] * len(self.stretches)
        waiting = bytearray(len(states))
        for index, state in begins:
            states[index] |= state
            waiting[index] = 1
        index = -1
        while most > 0:
            index = waiting.find(1, index + 1)
            if index < 0:
                index = waiting.find(1)
                if index < 0:
                    break
            most -= 1
            waiting[index] = 0
            state = states[index]
            keep, give, onward = self.stretches[index]
            after = state & keep | give
            for other in onward:
                if after | states[other] != states[other]:
                    states[other] |= after
                    waiting[other] = 1
            other = self.handlers[index]  # what raises has not stored or deleted
            if other >= 0 and state | states[other] != states[other]:
                states[other] |= state
                waiting[other] = 1
        return states, most


def _target(jump: Marked) -> int:
    """Say where a jump leads: it counts from the next instruction."""
    return jump.following + (-jump.arg if jump.kind & _BACK else jump.arg)


def _changed(each: Marked) -> tuple[int, ...]:
    """Give the indices of the names that an instruction stores or deletes."""
    if each.kind in {_STORE, _DELETE}:
        return (each.arg,)
    both = each.arg >> 4, each.arg & 15
    return both if each.kind == _STORE_TWO else both[: each.kind == _STORE_FIRST]
