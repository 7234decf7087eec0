"""A sheet that rich draws: colours, links and wide characters of a terminal.

Names are never markup: `Text` takes them as they are. The colours are of the middle
of the palette, which can be read on black and on white; rich takes the nearest where
a terminal has fewer, and none with NO_COLOR. Importing rich takes some 50 ms, so it
is for terminals only, and nothing else imports this module.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.console import Console
from rich.style import Style
from rich.text import Text

from frametools.profile._sheet import Sheet

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TextIO

    from frametools.profile._columns import Span
    from frametools.profile._report import ReportOptions

_STYLES = {
    "": Style(),
    "title": Style(bold=True),
    "heading": Style(dim=True, bold=True),
    "faint": Style(dim=True),
    "hot": Style(bold=True, color="color(160)"),
    "warm": Style(color="color(130)"),
    "own": Style(color="color(31)"),
    "cool": Style(color="color(28)"),
    "warning": Style(color="color(130)"),
}


class StyledSheet(Sheet):
    """Writes lines in styles, with places that lead to their files."""

    __slots__ = ("_console", "_has_links", "_links")

    cells = staticmethod(cell_len)

    def __init__(self, out: TextIO, options: ReportOptions) -> None:
        """Draw for a terminal, whatever `out` is: it may be on its way to one."""
        super().__init__(out, options)
        self._console = Console(
            file=out,
            force_terminal=True,
            force_jupyter=False,
            legacy_windows=False,
            width=options.width,
        )
        self._has_links = options.links
        self._links: dict[str, Style] = {}

    def row(self, spans: Sequence[Span]) -> None:
        """Write a line of columns; what has no room is cut off."""
        self._console.print(self._text(spans), no_wrap=True, overflow="crop")

    def words(self, spans: Sequence[Span]) -> None:
        """Write a sentence, on as many lines as it needs."""
        self._console.print(self._text(spans))

    def write(self, spans: Sequence[Span]) -> None:
        """Write one line; if it is too long, the terminal breaks it: a command does."""
        self._console.print(self._text(spans), soft_wrap=True)

    def _text(self, spans: Sequence[Span]) -> Text:
        line = Text()
        for span in spans:
            line.append(span.text, _STYLES[span.style] + self._link(span.path))
        line.rstrip()
        return line

    def _link(self, path: str) -> Style:
        """The style of what leads to a file: none if that is not on this machine."""
        found = self._links.get(path)
        if found is None:
            address = _address(path) if self._has_links else None
            found = self._links[path] = Style(link=address)
        return found


def _address(path: str) -> str | None:
    """The address of a file on this machine; None if it is not there."""
    if not (os.path.isabs(path) and os.path.isfile(path)):
        return None
    from urllib.parse import quote

    return "file://" + quote(os.fsencode(path))
