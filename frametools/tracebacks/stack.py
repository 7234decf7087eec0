"""The frames of a traceback, and of those that called it, as places.

    callers (f_back):  <module>  main  |  the frame of the `with` block or decorator
    traceback:                         |  main  load  parse  <- raised here

A place is a frame, the offset at which it stood, and its traceback entry, if any.
"""

from __future__ import annotations

from os.path import dirname, sep
from typing import TYPE_CHECKING, NamedTuple

from frametools._folding import Gap, fold, trim
from frametools._frame_values import CO_OPTIMIZED, variables

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import FrameType, TracebackType

    from frametools.tracebacks.options import Options

_PACKAGE = dirname(dirname(__file__)) + sep
"""Begins the files of our commands too, which may have started the program."""
_OURS = tuple(f"{_PACKAGE}{name}{sep}" for name in ("tracebacks", "calls"))
"""Begin the files of frames that stand between the program's: wrappers."""
_HIDE = "__tracebackhide__"
_RUNNERS = {"asyncio", "concurrent", "importlib", "runpy", "threading"}


class Place(NamedTuple):
    """Where a frame was."""

    frame: FrameType
    lasti: int
    entry: TracebackType | None
    """None for a frame that called the others."""


def places(
    entries: list[TracebackType], caller: FrameType | None, options: Options
) -> list[Place | Gap]:
    """List the places that are kept, outermost first, and the gaps between them.

    Cycles are folded, then head and tail are kept, then hidden frames and ours are
    taken out. O(depth): 0.2 us per entry, so only those that are kept become a Place.
    """
    callers = [] if caller is None else _callers(entries, caller)
    codes = [id(each.frame.f_code) for each in callers]
    codes += [id(each.tb_frame.f_code) for each in entries]
    chosen = _shortened([*callers, *entries], codes, options)
    new = tuple.__new__
    kept = [
        each
        if isinstance(each, (Gap, Place))
        else new(Place, (each.tb_frame, each.tb_lasti, each))
        for each in chosen
    ]
    return _without_hidden(kept, options)


def _shortened(
    found: list[Place | TracebackType], codes: list[int], options: Options
) -> Sequence[Place | TracebackType | Gap]:
    """Fold the cycles, keep head and tail."""
    chosen: list[Place | TracebackType | Gap] = [*found]
    most = options.most
    if len(set(codes)) < len(codes):
        kept = fold([*zip(codes, map(_lasti, found), strict=True)])
        chosen = [each if isinstance(each, Gap) else found[each] for each in kept]
    if most is not None and len(chosen) > most:
        head, tail = max(options.head or 0, 0), max(options.tail or 1, 1)
        chosen = trim(chosen, head, tail)
    return chosen


def _lasti(found: Place | TracebackType) -> int:
    return found.lasti if isinstance(found, Place) else found.tb_lasti


def _callers(entries: list[TracebackType], caller: FrameType | None) -> list[Place]:
    """List the callers, outermost first, without those that the traceback has.

    What starts the program is left out: runpy's frames, those of our own commands.
    """
    inner = {id(entry.tb_frame) for entry in entries}
    found = []
    while caller is not None:
        is_ours = caller.f_code.co_filename.startswith(_PACKAGE)
        if not is_ours and id(caller) not in inner:
            found.append(Place(caller, caller.f_lasti, None))
        caller = caller.f_back
    while found and found[-1].frame.f_globals.get("__name__") == "runpy":
        del found[-1]
    found.reverse()
    return found


def _without_hidden(chosen: list[Place | Gap], options: Options) -> list[Place | Gap]:
    """Put gaps where frames are hidden, unless all are; ours leave none."""
    chosen = [
        each
        for each in chosen
        if isinstance(each, Gap) or not each.frame.f_code.co_filename.startswith(_OURS)
    ]
    if options.show_hidden:
        return chosen
    hidden = [type(each) is Place and _is_hidden(each[0], each[2]) for each in chosen]
    if not any(hidden) or sum(hidden) == sum(type(each) is Place for each in chosen):
        return chosen
    left: list[Place | Gap] = []
    for each, is_hidden in zip(chosen, hidden, strict=True):
        if not is_hidden:
            left.append(each)
        elif left and isinstance(left[-1], Gap) and left[-1].why == "hidden":
            left[-1] = Gap(left[-1].frames + 1, "hidden")
        else:
            left.append(Gap(1, "hidden"))
    return left


def _is_hidden(frame: FrameType, entry: TracebackType | None) -> bool:
    """Tell if a frame's function has a true local named `__tracebackhide__`.

    Among the callers those that run an event loop, a thread or a script are hidden too.
    """
    code = frame.f_code
    if entry is None:
        name = frame.f_globals.get("__name__")
        if type(name) is str and name.partition(".")[0] in _RUNNERS:
            return True
    if _HIDE not in code.co_varnames or not code.co_flags & CO_OPTIMIZED:
        return False
    return variables(frame).get(_HIDE) is True
