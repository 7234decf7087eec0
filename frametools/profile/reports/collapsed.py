"""Folded stacks, `a;b;c 123`: what flamegraph.pl, inferno and speedscope read.

One line for each node of the tree, weighted with its self time in nanoseconds.
"""

from __future__ import annotations

from frametools.calltree.times import self_times
from frametools.profile._names import Places
from frametools.profile.reports._stacks import batches, busy_threads, walk

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TextIO

    from frametools.calltree import CallTree
    from frametools.profile._report import ReportOptions


class Collapsed:
    """The `collapsed` form."""

    name = "collapsed"
    is_binary = False

    def write(self, tree: CallTree, out: TextIO, options: ReportOptions) -> None:
        """Write the stacks; with several threads each begins with its thread."""
        places = Places(tree.info.get("cwd", ""))
        labels = [_label(places.full(code)) for code in tree.codes]
        wall, cpu = self_times(tree, raw=options.raw)
        own = wall if options.clock == "wall" else cpu
        threads = busy_threads(tree)
        for thread in threads:
            name = f"{_label(thread.name)};" if len(threads) > 1 else ""
            stacks = walk(tree, thread.root, own, labels, ";")
            lines = (
                f"{name}{before}{labels[code]} {weight}\n"
                for before, code, weight in stacks
            )
            out.writelines(batches(lines))


def _label(text: str) -> str:
    """A frame's name with nothing in it that the format gives a meaning."""
    return text.replace(";", ":")


REPORT = Collapsed()
