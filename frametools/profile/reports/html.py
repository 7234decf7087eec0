"""The HTML page: flame graph, functions, source lines, in one file."""

from __future__ import annotations

from frametools.profile.page._assemble import assemble
from frametools.profile.page._payload import payload
from frametools.profile.reports.head import command

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TextIO

    from frametools.calltree import CallTree
    from frametools.profile._report import ReportOptions


class Html:
    """The `html` form."""

    name = "html"
    is_binary = True  # UTF-8, whatever the encoding of standard output

    def write(self, tree: CallTree, out: TextIO, options: ReportOptions) -> None:
        """Write the page; O(nodes), plus O(events) where these were recorded."""
        page = assemble(command(tree), payload(tree, options))
        out.buffer.write(page.encode())


REPORT = Html()
