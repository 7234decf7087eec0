"""Lines and columns of text that fit one output, as plain text.

What is laid out here is the same everywhere; `_styled` lets rich draw it in colours,
with links, where the output is a terminal.
"""

from __future__ import annotations

from frametools.profile._columns import GAP, Column, Span, group_line, widths_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TextIO

    from frametools.profile._report import ReportOptions

_EIGHTHS = " ▏▎▍▌▋▊▉█"
LEAST = 16
"""Columns that names have, on the narrowest of outputs too."""


def sheet_for(out: TextIO, options: ReportOptions) -> Sheet:
    """Make the sheet that an output is to have: by rich, if wanted and installed."""
    if options.is_styled:
        try:
            from frametools.profile._styled import StyledSheet
        except ImportError:
            options.is_styled = False  # said once is enough
        else:
            return StyledSheet(out, options)
    return Sheet(out, options)


def plain_cells(text: str) -> int:
    """Columns a text takes on a terminal."""
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width

    wide = sum(east_asian_width(character) in "WF" for character in text)
    return len(text) + wide - sum(bool(combining(character)) for character in text)


class Sheet:
    """Writes lines to one output, in its width and alphabet."""

    __slots__ = ("ellipsis", "is_unicode", "out", "rule", "width")

    cells = staticmethod(plain_cells)

    def __init__(self, out: TextIO, options: ReportOptions) -> None:
        self.out = out
        self.is_unicode = options.unicode
        self.width = options.width
        self.ellipsis = "…" if options.unicode else "..."
        self.rule = "─" if options.unicode else "-"

    def line(self, text: str = "", style: str = "") -> None:
        """Write one line in one style."""
        self.write([Span(text, style)])

    def title(self, text: str) -> None:
        """Write what stands over a section; what it is comes before the colon."""
        name, colon, rest = text.partition(":")
        self.words([Span(name, "title"), Span(colon + rest)])

    def note(self, text: str) -> None:
        """Write what the reader must know."""
        self.words([Span(f"note: {text}", "warning")])

    def words(self, spans: Sequence[Span]) -> None:
        """Write a sentence, which may be broken between words."""
        self.write(spans)

    def row(self, spans: Sequence[Span]) -> None:
        """Write a line of columns, which must not be broken into two."""
        self.write(spans)

    def write(self, spans: Sequence[Span]) -> None:
        """Write one line of several pieces."""
        self.out.write("".join(span.text for span in spans).rstrip() + "\n")

    def grid(self, columns: list[Column], indent: int = GAP) -> None:
        """Write columns side by side, with headings if any has a title."""
        room = self.width - indent
        widths = widths_of(columns, room, LEAST, self.cells)
        edge = " " * indent
        if any(column.group for column in columns):
            groups = Span(edge + group_line(columns, widths, self.rule), "faint")
            self.row([groups])
        if any(column.title for column in columns):
            titles = [
                self._padded(column, column.title, width)
                for column, width in zip(columns, widths, strict=True)
            ]
            heading = Span(edge + (" " * GAP).join(titles), "heading")
            self.row([heading])
        for at in range(len(columns[0].cells)):
            self.row([Span(edge), *self._spans(columns, widths, at)])

    def _spans(self, columns: list[Column], widths: list[int], at: int) -> list[Span]:
        """Give a row: what has no style of its own is one piece with its neighbours."""
        spans, plain = [], ""
        for column, width in zip(columns, widths, strict=True):
            guide = column.guides[at] if column.guides else ""
            text = guide + column.cells[at]
            room = width - self.cells(text)
            if room < 0:
                text = self.fit(text, width, column.cut)
                room = width - self.cells(text)
            if not column.is_left:
                plain += " " * room
            style, path = column.style_of(at), column.path_of(at)
            if guide or style or path:
                guide, text = text[: len(guide)], text[len(guide) :]
                spans += [Span(plain), Span(guide, "faint"), Span(text, style, path)]
                plain = ""
            else:
                plain += text
            plain += " " * (room + GAP if column.is_left else GAP)
        return [*spans, Span(plain)]

    def _padded(self, column: Column, text: str, width: int) -> str:
        gap = " " * (width - self.cells(text))
        return text + gap if column.is_left else gap + text

    def fit(self, text: str, width: int, cut: str = "end") -> str:
        """Cut a text at its `end` or `start`, so that it takes `width` columns."""
        if not cut or self.cells(text) <= width:
            return text
        room = max(width - len(self.ellipsis), 0)
        if cut == "start":  # of a path the end says most
            while self.cells(text) > room:
                text = text[-room:] if len(text) > room > 0 else text[1:]
            return (self.ellipsis + text)[: max(width, 0)]
        while self.cells(text) > room:
            text = text[:room] if len(text) > room else text[:-1]
        return (text + self.ellipsis)[: max(width, 0)]

    def bar(self, share: float, width: int) -> str:
        """Draw a share of 0 to 1 as a bar of `width` columns."""
        share = min(max(share, 0.0), 1.0)
        if not self.is_unicode:
            return ("#" * round(share * width)).ljust(width)
        full, eighths = divmod(round(share * width * 8), 8)
        part = _EIGHTHS[eighths] if eighths else ""
        return ("█" * full + part).ljust(width)

    def wrap(self, items: list[str], indent: str = "  ") -> None:
        """Write a list with commas, indented, on as many lines as it needs."""
        line = indent
        for index, item in enumerate(items):
            text = item if index == len(items) - 1 else item + ","
            if line != indent and self.cells(f"{line} {text}") > self.width:
                self.line(line)
                line = indent
            line += text if line == indent else " " + text
        self.line(line)
