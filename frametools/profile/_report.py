"""The one small protocol behind which every form of a report stands.

A form is a module in `reports/` with a `REPORT`; the module's name is the name
that `--format` knows. Adding a file there adds a form, and touches nothing else.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol, TextIO

    from frametools._output import Output
    from frametools.calltree import CallTree
    from frametools.profile._options import Options

    class Report(Protocol):
        """One form: writes a tree to an output."""

        @property
        def name(self) -> str:
            """What `--format` calls it."""

        @property
        def is_binary(self) -> bool:
            """True when it writes to `out.buffer`: nothing for a terminal."""

        def write(self, tree: CallTree, out: TextIO, options: ReportOptions) -> None:
            """Write the whole report; raises OSError as the output does.

            LackingError, before anything is written, if it cannot be made of the data.
            """


class ReportOptions:
    """How a report is to look; every form has sensible defaults."""

    __slots__ = (
        "by",
        "clock",
        "data",
        "is_styled",
        "limit",
        "links",
        "raw",
        "sort",
        "source",
        "unicode",
        "width",
    )

    def __init__(
        self,
        *,
        sort: str = "self",
        limit: int | None = None,
        raw: bool = False,
        clock: str = "",
        width: int = 100,
        unicode: bool = True,
        source: bool = True,
        data: str | None = None,
    ) -> None:
        self.sort = sort
        """A key of `SORT_KEYS`."""
        self.limit = limit
        """Rows at most; None leaves it to the form."""
        self.raw = raw
        """Times without the cost of monitoring subtracted."""
        self.by = "thread"
        """`thread` or `task`: what the roots of the calls are."""
        self.clock = clock
        """`cpu` or `wall`; empty leaves it to the form."""
        self.width = width
        """Columns of the output."""
        self.is_styled = False
        """Text is drawn by rich, if that is installed: for a terminal."""
        self.links = False
        """Places lead to their files, in what rich draws: if nobody else reads it."""
        self.unicode = unicode
        self.source = source
        """Lines of source are shown, by a form that has them."""
        self.data = data
        """Path of the data file: for the events that the tree has not."""

    @classmethod
    def of(cls, options: Options, data: str | None = None) -> ReportOptions:
        """Take what a command line asked for."""
        chosen = cls(
            sort=options.sort,
            limit=options.limit,
            raw=options.raw,
            clock=options.clock,
            source=not options.no_source,
            data=data,
        )
        chosen.by = options.by
        return chosen

    def fit(self, output: Output) -> None:
        """Look as an output can show it."""
        self.width, self.unicode = output.width, output.is_unicode
        self.is_styled, self.links = output.is_styled, output.is_terminal


class UnknownFormError(LookupError):
    """No such form; the message is one line for the user."""


class LackingError(Exception):
    """The data have not what a form shows; the message is one line for the user."""


_OWN_ROOTS = ("html", "perfetto", "pprof", "summary", "tasks")
"""Forms that see to `by` themselves, or have tasks beside threads anyway."""

_ROOTED = ("callgrind", "collapsed", "speedscope", "tree")
"""Forms that show any roots that a tree has."""


def rooted(form: Report, tree: CallTree, options: ReportOptions) -> CallTree:
    """Give the tree under the roots wanted; LackingError where a form has none."""
    if options.by != "task" or form.name in _OWN_ROOTS:
        return tree
    if form.name not in _ROOTED:
        forms = ", ".join(sorted((*_OWN_ROOTS, *_ROOTED)))
        raise LackingError(f"--by task is for {forms}; {form.name} has no roots")
    return tree.by_task()


def find(name: str) -> Report:
    """Load the form that `--format` names; raises UnknownFormError."""
    if name not in names():
        raise UnknownFormError(f"--format knows {', '.join(names())}; not {name!r}")
    return load(name)


def load(name: str) -> Report:
    """Load a form of ours that is known to exist."""
    from importlib import import_module

    report: Report = import_module(f"{__package__}.reports.{name}").REPORT
    return report


def names() -> list[str]:
    """Every form there is, in alphabetical order."""
    from pkgutil import iter_modules

    from frametools.profile import reports

    found = (module.name for module in iter_modules(reports.__path__))
    return sorted(name for name in found if not name.startswith("_"))
