"""Suspended calls: what waits in which frame, and which of them for another one.

    yield from inner()     outer.throw(e)     --> inner goes on, by e
                           inner yields, ends --> outer has nothing, or goes on

CPython hands what is thrown to the innermost generator and tells of that alone
(`_gen_throw`, `gen_close` in genobject.c, 3.12-3.15); of those that wait for it only
when it has ended, one after the other. Lines say what a reader expects: the outer one
goes on first, and waits again when the inner one does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from frametools._frame_values import CO_SUSPENDS
from frametools.calls import flow
from frametools.calls.stacks import KEY

if TYPE_CHECKING:
    from collections.abc import Container
    from types import FrameType

    from frametools.calls.functions import Function
    from frametools.calls.stacks import Call, Stack

_MOST = 10_000
"""Suspended calls that are remembered: of those dropped unseen, nobody tells."""


class Waiting(NamedTuple):
    """A call that waits."""

    call: Call
    awaits: bool
    """It waits by `await`, not by `yield`."""
    outer: int
    """Identity of the frame that waits for this one; 0 if there is none."""
    is_told: bool = False
    """A line says already that it goes on."""


class Suspended:
    """The calls of suspended frames, by what is theirs: the identity of the frame.

    A frame that was looked at has the same frame object until it ends.
    """

    def __init__(self, functions: dict[int, Function]) -> None:
        self._functions = functions
        self._waiting: dict[int, Waiting] = {}
        self._passing: dict[int, list[tuple[int, Waiting]]] = {}
        """By a frame that something was thrown into: those that had waited for it and
        go on with it, innermost first."""

    def put(self, frame: FrameType, call: Call, *, awaits: bool) -> None:
        """Remember a call that waits."""
        if outers := self._passing.get(id(frame)):
            outer = outers[0][0]
        else:
            outer = _that_waits_for(frame, self._functions)
        self._put(id(frame), Waiting(call, awaits, outer))

    def _put(self, frame: int, waiting: Waiting) -> None:
        if len(self._waiting) >= _MOST:
            self._waiting.pop(next(iter(self._waiting)), None)
        self._waiting[frame] = waiting

    def forget(self, key: int) -> None:
        """Take away the calls of a function that is not logged any more."""
        stale = [frame for frame, each in _items(self._waiting) if _key(each) == key]
        for frame in stale:
            self._waiting.pop(frame, None)
        for frame, outers in _items(self._passing):
            self._passing[frame] = [each for each in outers if _key(each[1]) != key]

    def take(self, frame: int, function: Function) -> Waiting | None:
        """Return the call that goes on; None if it is not known."""
        waiting = self._waiting.pop(frame, None)
        return waiting if waiting and _key(waiting) == function.key else None

    # --- what is thrown into a call ---

    def throw(
        self,
        frame: int,
        function: Function,
        stack: Stack,
        waiting: Waiting | None,
        error: BaseException,
    ) -> None:
        """Tell that a call goes on by an exception; first, that those around it do."""
        outers = self._take_outers(waiting)
        if outers:
            self._passing[frame] = outers
        for _, outer in reversed(outers):
            _go_on(self._functions[_key(outer)], stack, outer, error)
        _go_on(function, stack, waiting, error)

    def _take_outers(self, waiting: Waiting | None) -> list[tuple[int, Waiting]]:
        """Return the calls that wait for one, innermost first."""
        found = []
        while waiting is not None and waiting.outer:
            frame = waiting.outer
            waiting = self._waiting.pop(frame, None)
            if waiting is not None and _key(waiting) in self._functions:
                found.append((frame, waiting))
        return found

    def wait_with(self, frame: int, stack: Stack, value: object) -> None:
        """Tell that those wait again that something was thrown through."""
        for outer, waiting in self._passing.pop(frame, ()):
            function = self._functions[_key(waiting)]
            flow.suspend(function, stack, value, is_await=waiting.awaits)
            self._put(outer, waiting._replace(is_told=False))

    def end_within(self, frame: int, stack: Stack) -> None:
        """Let those that something was thrown through go on by themselves.

        The event of each follows, and has no line: that was written.
        """
        for outer, waiting in self._passing.pop(frame, ()):
            if stack.calls and stack.calls[-1] is waiting.call:
                stack.pop()
            self._put(outer, waiting._replace(is_told=True))


def _go_on(
    function: Function, stack: Stack, waiting: Waiting | None, error: BaseException
) -> None:
    if waiting is not None and waiting.is_told:
        stack.push(waiting.call)
    else:
        flow.resume(function, stack, waiting and waiting.call, error)


def _key(waiting: Waiting) -> int:
    return waiting.call[KEY]  # type: ignore[return-value]


def _items(table: dict[int, Any]) -> list[tuple[int, Any]]:
    """Return what is in a table now: other threads may change it."""
    return list(table.items())


def _that_waits_for(frame: FrameType, logged: Container[int]) -> int:
    """Return the identity of the logged frame whose `yield from`, `await` this is."""
    outer = frame.f_back
    while outer is not None and outer.f_code.co_flags & CO_SUSPENDS and _sends(outer):
        if id(outer.f_code) in logged:
            return id(outer)
        outer = outer.f_back
    return 0


def _sends(frame: FrameType) -> bool:
    """Tell if a frame is at a SEND; on 3.12 it is at the cache behind it."""
    from opcode import opmap

    code, at = frame.f_code.co_code, frame.f_lasti
    return opmap["SEND"] in (code[at], code[at - 2] if code[at] == 0 else 0)
