"""The head: what ran, and the figures of the whole run."""

from __future__ import annotations

import os

from frametools._paths import printable
from frametools.profile._columns import Column
from frametools.profile._facts import current_directory
from frametools.profile._processes import processes
from frametools.profile._sheet import sheet_for
from frametools.profile._units import count, duration, plural, size
from frametools.profile.reports._stacks import busy_threads

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TextIO

    from frametools.calltree import CallTree
    from frametools.profile._report import ReportOptions


class Head:
    """The `head` form."""

    name = "head"
    is_binary = False

    def write(self, tree: CallTree, out: TextIO, options: ReportOptions) -> None:
        """Write the command, then the figures; O(nodes)."""
        sheet = sheet_for(out, options)
        ran = Column("", ["frametools: " + command(tree)], style="title", cut="end")
        ended = Column("", [_ended(tree)], style="faint", is_left=True)
        sheet.grid([ran, ended], indent=0)
        sheet.wrap(figures(tree))


def command(tree: CallTree) -> str:
    """The command line that ran, as one would type it; of a merge, the first."""
    files = merged(tree, "files")
    prefix = f"{count(files)} files merged: " if files > 1 else ""
    return prefix + command_line(tree)


def command_line(tree: CallTree) -> str:
    """The command line alone, and how many others there were."""
    words = tree.info.get("command")
    words = words if isinstance(words, list) and words else ["?"]
    line = " ".join(quoted(printable(str(word))) for word in words)
    others = merged(tree, "commands") - 1
    return f"{line} and {plural(others, 'other command')}" if others > 0 else line


def merged(tree: CallTree, name: str) -> int:
    """A number of what `frametools merge` noted; 0 where it made no sum."""
    found = tree.info.get("merged")
    number = found.get(name) if isinstance(found, dict) else 0
    return number if isinstance(number, int) else 0


def quoted(word: str) -> str:
    """A word as a shell takes it."""
    plain = word and not set(word) & set(" \t\"'\\$`&|;<>()*?#~!{}[]")
    return word if plain else "'" + word.replace("'", "'\"'\"'") + "'"


def again(data: str | None, words: str) -> str:
    """Give the command that shows a data file with these options."""
    folder, name = os.path.split(data or "FILE")
    path = quoted(name if folder == current_directory() else data or name)
    return f"frametools report {path} {words}"


def _ended(tree: CallTree) -> str:
    """Which Python ran it, and how it ended where that is worth a word."""
    words = [str(tree.info.get("python", ""))]
    status = tree.info.get("exit_status")
    if status:
        words.append(f"exit status {status}")
    words = [word for word in words if word]
    return f"({', '.join(words)})" if words else ""


def figures(tree: CallTree) -> list[str]:
    """The figures of the whole run, each with its name."""
    found = [f"wall {duration(tree.wall_ns)}", f"CPU {duration(tree.cpu_ns)}"]
    several = processes(tree)
    if several:
        found.append(plural(len(several), "process", "processes"))
    else:
        found.append(f"blocked {duration(blocked(tree))}")
    threads = busy_threads(tree)
    if threads:
        found += [
            plural(len(threads), "thread"),
            plural(sum(tree.calls), "call"),
            f"deepest stack {count(tree.max_depth)}",
        ]
    peak = tree.info.get("peak_rss")
    if peak:
        found.append(f"peak RSS {size(peak)}")
    return found


def blocked(tree: CallTree) -> float:
    """Time (ns) in which the main thread did not run: sleep, input, locks, disk.

    It is the wall time of the run less the CPU time of its main thread; where that is
    the only one, the CPU time of the process.
    """
    cpu: float = tree.cpu_ns
    if len(tree.threads) > 1:
        cpu = tree.times(raw=True).cum_cpu[tree.threads[0].root]
    return max(tree.wall_ns - cpu, 0)


REPORT = Head()
