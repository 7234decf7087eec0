"""What the end of a run shows: the sections that a reader wants, in order."""

from __future__ import annotations

from copy import copy
from io import StringIO

from frametools.profile._report import LackingError, load, rooted
from frametools.profile.reports._stacks import busy_threads

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TextIO

    from frametools.calltree import CallTree
    from frametools.profile._report import ReportOptions

SECTIONS = tuple(
    "head processes table tree tasks memory exceptions retention notices".split()
)


class Summary:
    """The `summary` form."""

    name = "summary"
    is_binary = False

    def write(self, tree: CallTree, out: TextIO, options: ReportOptions) -> None:
        """Write every section that has something to say, a blank line between."""
        is_first = True
        for name in SECTIONS:
            if name == "tree" and not busy_threads(tree):
                continue  # the table has said so
            section, form = StringIO(), load(name)
            try:
                if name == "tree":
                    whole = without_limit(options)
                    form.write(rooted(form, tree, options), section, whole)
                else:
                    form.write(tree, section, options)
            except LackingError:
                continue
            text = section.getvalue()
            if text:
                out.write(text if is_first else "\n" + text)
                is_first = False


def without_limit(options: ReportOptions) -> ReportOptions:
    """For the tree: what bounds the rows of tables leaves it whole."""
    options = copy(options)
    options.limit = None
    return options


REPORT = Summary()
