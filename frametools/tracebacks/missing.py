"""Why a name of a frame has no value: it was not assigned yet, or it was deleted.

If nothing in the code deletes the name, it was not assigned. Otherwise all ways from
the function's beginning to where the frame stands are followed, handlers too. Only if
all of them end with a `del` (or the end of an `except ... as name`) is it said to be
deleted; if some do, nothing is said. Costs 5 us per code and place where the code has
no deletion; else 4 us for each instruction that stores, deletes or jumps, at most 60 ms
per traceback: beyond that nothing is said.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from frametools.tracebacks.flow import Flow, can_delete, comprehension_names, names

if TYPE_CHECKING:
    from types import CodeType

UNASSIGNED = "not yet assigned"
DELETED = "deleted"
UNKNOWN = "no value"

_LONGEST = 20_000
"""Bytes of code; longer code is not followed."""
_STEPS = 20_000
"""Stretches of code that are read and followed for one traceback, 3 us each."""


class At(NamedTuple):
    """Where a frame stands, in bytes of its code."""

    lasti: int
    raised: int
    """Where it raised; if it only calls, the same."""


class Reasons:
    """Says why names have no value; remembers code and places of one traceback.

    Code objects are known by their ids: their frames are alive as long as this is used.
    """

    def __init__(self) -> None:
        self._left = _STEPS
        self._followed: dict[int, tuple[Flow, list[int]]] = {}
        """By code: the states on the ways from its beginning."""
        self._known: dict[tuple[int, int, int], dict[str, str]] = {}

    def of(self, code: CodeType, at: At) -> dict[str, str]:
        """Give for each name, if it has no value there, why.

        UNASSIGNED, DELETED or UNKNOWN; variables of comprehensions are left out.
        """
        key = id(code), *at
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = self._found(code, at)
        return known

    def _found(self, code: CodeType, at: At) -> dict[str, str]:
        if not can_delete(code):
            found = dict.fromkeys(names(code), UNASSIGNED)
        elif len(code.co_code) > _LONGEST:
            found = dict.fromkeys(names(code), UNKNOWN)
        else:
            found = self._followed_to(code, at)
        inner = _deleted_inside(code) if code.co_cellvars else set()
        found |= dict.fromkeys(inner.union(code.co_freevars), UNKNOWN)
        for name in comprehension_names(code):
            del found[name]
        return found

    def _followed_to(self, code: CodeType, at: At) -> dict[str, str]:
        known = self._followed.get(id(code))
        if known is None and self._left > 0:
            flow = Flow(code)
            self._left -= len(flow.stretches) + len(code.co_code) // 50
            states = self._follow(flow, [(0, flow.first)])
            known = self._followed[id(code)] = flow, states
        if known is None or self._left <= 0:
            return dict.fromkeys(names(code), UNKNOWN)
        flow, states = known
        state = self._possible(flow, states, at)
        if self._left <= 0:
            state = 0
        return {
            name: _why(*flow.bits(state, index))
            for index, name in enumerate(flow.names)
        }

    def _follow(self, flow: Flow, begins: list[tuple[int, int]]) -> list[int]:
        states, self._left = flow.follow(begins, self._left)
        return states

    def _possible(self, flow: Flow, states: list[int], at: At) -> int:
        """Give the states that the names can be in where the frame stands.

        If it raised there, handlers may have run on the way out, and the RERAISE behind
        them has put `f_lasti` back (its oparg says so): their states count as well.
        """
        raised, now = flow.at(at.raised // 2), flow.at(at.lasti // 2)
        before = states[raised]
        if flow.handlers[raised] < 0:
            return before if at.lasti == at.raised else states[now]
        behind = self._follow(flow, [(flow.handlers[raised], before)])
        if at.lasti != at.raised:
            return behind[now] or states[now]
        for each in flow.reraises:
            before |= behind[each]
        return before


def _why(can_be_new: bool, _: bool, can_be_gone: bool) -> str:
    if can_be_new == can_be_gone:
        return UNKNOWN
    return UNASSIGNED if can_be_new else DELETED


def _deleted_inside(code: CodeType) -> set[str]:
    """Give the variables that functions inside may delete: `nonlocal x; del x`."""
    found: set[str] = set()
    for each in code.co_consts:
        if type(each) is type(code) and each.co_freevars:
            outer = set(each.co_freevars)
            found |= outer if can_delete(each) else outer & _deleted_inside(each)
    return found
