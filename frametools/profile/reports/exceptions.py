"""What was raised, where it was handled, what escaped; an example of each."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TextIO

    from frametools.calltree import CallTree
    from frametools.profile._report import ReportOptions


class Exceptions:
    """The `exceptions` form."""

    name = "exceptions"
    is_binary = False

    def write(self, tree: CallTree, out: TextIO, options: ReportOptions) -> None:
        """Write the section; nothing when exceptions were not asked for."""


REPORT = Exceptions()
