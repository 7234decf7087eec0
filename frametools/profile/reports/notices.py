"""What the reader must know about the data before trusting it."""

from __future__ import annotations

import os
import time

from frametools.profile._processes import processes
from frametools.profile._sheet import sheet_for
from frametools.profile._units import count, plural
from frametools.profile.reports.head import merged

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, TextIO

    from frametools.calltree import CallTree
    from frametools.profile._report import ReportOptions


_WRITTEN = "what was written by then is counted"


class Notices:
    """The `notices` form."""

    name = "notices"
    is_binary = False

    def write(self, tree: CallTree, out: TextIO, options: ReportOptions) -> None:
        """Write a line for each thing that is not as one would think."""
        sheet = sheet_for(out, options)
        for notice in notices(tree):
            sheet.note(notice)


def notices(tree: CallTree) -> Iterator[str]:
    """Each thing to know, as one sentence."""
    yield from _about_times(tree)
    yield from _about_events(tree)
    yield from _about_others(tree)


def _about_times(tree: CallTree) -> Iterator[str]:
    several = processes(tree)
    if several:
        yield from _about_processes(several)
        yield from _about_alive(tree, len(several))
    elif not tree.is_finished:
        yield f"{_state(tree)}; this is what it had written"
    if tree.is_pure_python:
        yield "pure Python core (no C compiler at install, or FRAMETOOLS_PURE): slower"
    if tree.memory is not None and not tree.memory.is_whole:
        yield "memory was sampled up to the first fork only: 3.13 warns of any thread"
    if tree.is_sampled:
        yield "times are sampled (--low); counts and the tree are exact"


def _about_processes(rows: list[dict[str, Any]]) -> Iterator[str]:
    """Tell of those that have not finished their data: they are counted all the same.

    Children of multiprocessing are not among them, if they did what they were to do.
    """
    left = [row for row in rows if not row["is_finished"]]
    running = sum(_runs(row["pid"], row["began"]) for row in left)
    if running:
        yield f"{plural(running, 'process', 'processes')} still ran; {_WRITTEN}"
    if len(left) > running:
        ended = len(left) - running
        number = "1 process was" if ended == 1 else f"{count(ended)} processes were"
        yield f"{number} ended by os._exit or a signal; {_WRITTEN}"


def _about_alive(tree: CallTree, several: int) -> Iterator[str]:
    """Tell in how many processes nobody could look at what they kept at their end."""
    found = tree.info.get("retention")
    looked = found.get("processes") if isinstance(found, dict) else None
    if isinstance(looked, int) and looked < several:
        number = plural(several - looked, "process", "processes")
        yield f"what was alive at the end of {number} is not known"


def _state(tree: CallTree) -> str:
    """Why the file is not finished."""
    if is_running(tree):
        return f"the process still runs (pid {tree.pid})"
    return "the process ended before it could finish"


def is_running(tree: CallTree) -> bool:
    """True if the program whose data these are runs, and still writes them."""
    return not tree.is_finished and _runs(tree.pid, tree.start_unix_ns)


def _runs(pid: int, watched_since: int) -> bool:
    """True if the process lives, and no later one that got its pid."""
    if pid in (0, os.getpid()):
        return False
    try:
        os.kill(pid, 0)
    except PermissionError:
        pass
    except (OSError, OverflowError):
        return False
    return _began(pid) < watched_since / 1e9 + 1


def _began(pid: int) -> float:
    """When a process began (s since 1970); 0 where nobody tells."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as stat, open("/proc/uptime") as uptime:
            ticks = int(stat.read().rpartition(b")")[2].split()[19])
            boot = time.time() - float(uptime.read().split()[0])
    except (OSError, ValueError, IndexError):
        return 0.0
    return boot + ticks / os.sysconf("SC_CLK_TCK")


def _about_events(tree: CallTree) -> Iterator[str]:
    dropped = plural(tree.events_dropped, "event")
    if tree.is_cut_early:
        yield f"the record lacks the early part: {dropped} over --max-events"
    if tree.is_cut_late:
        yield f"the record lacks the late part: {dropped} over --max-events"
    if tree.has_lost_nodes:
        yield "memory or disk was full: calls after that are missing in the tree"
    if tree.repaired:
        frames = plural(tree.repaired, "frame")
        yield f"{frames} left without an event and closed by the next one seen"
    if tree.unmatched:
        yield f"{plural(tree.unmatched, 'leave')} of frames never seen to enter"


def _about_others(tree: CallTree) -> Iterator[str]:
    if tree.info.get("subinterpreters"):
        yield "subinterpreters were used; what ran in them was not seen"
    unknown = tree.info.get("not_followed")
    if isinstance(unknown, int) and unknown:
        yield (
            f"{plural(unknown, 'program')} started, but not followed: "
            "no Python, or one with -I, -E, -S or an environment of its own"
        )
    children = tree.info.get("children")
    if children:
        number = len(children)
        what = "a forked child" if number == 1 else f"{count(number)} forked children"
        yield f"the data of {what}: {tree.info.get('children_at', '')}"
    unfinished, failed = merged(tree, "unfinished"), merged(tree, "failed")
    if unfinished:
        yield f"of the files merged, {count(unfinished)} had no end: killed, or running"
    if failed:
        yield f"of the runs merged, {count(failed)} ended with a status other than 0"
    for notice in tree.info.get("notices", ()):
        yield str(notice)


REPORT = Notices()
