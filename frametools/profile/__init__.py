"""Profile a program: exact counts, the calling-context tree, CPU, wall, await.

    __main__ -> _runner -> _options        the command line
                        -> monitor         events become a data file
                        -> _finish         when the program has ended:
                              reports/     one file per form, named as --format

    profiler.Profiler    the same from within a program
    notebook             `%frameprofile` of IPython and Jupyter
    _report_command      `frametools report FILE`: a data file shown again
    _live                the same, live, while the program runs
    _merge_command       `frametools merge FILE... -o OUT`: many become one
    diff/                `frametools diff OLD NEW`: what changed between runs
    progress             the line on a terminal while the program runs

The report goes to a private copy of standard error; nothing is mixed into what
the program writes, and nothing here can change how the program ends.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from frametools.profile.profiler import Profiler as Profiler

__all__ = ["Profiler"]


def __getattr__(name: str) -> object:
    """Load `Profiler` when it is first asked for: the command needs none."""
    if name != "Profiler":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from frametools.profile.profiler import Profiler

    globals()[name] = Profiler
    return Profiler
