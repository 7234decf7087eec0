"""Lines of text that fit: colour, glyphs and widths of one output."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TextIO

    from frametools.profile._report import ReportOptions

_COLOURS = {
    "bold": "\x1b[1m",
    "dim": "\x1b[2m",
    "hot": "\x1b[1;31m",
    "warm": "\x1b[33m",
    "name": "\x1b[36m",
    "cool": "\x1b[32m",
    "warning": "\x1b[33m",
}
_EIGHTHS = " ▏▎▍▌▋▊▉█"


def cells(text: str) -> int:
    """Columns a text takes on a terminal."""
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width

    wide = sum(east_asian_width(character) in "WF" for character in text)
    return len(text) + wide - sum(bool(combining(character)) for character in text)


def _address(path: str) -> str:
    """The address of a file on this machine; empty if it is not there."""
    if not (os.path.isabs(path) and os.path.isfile(path)):
        return ""
    from urllib.parse import quote

    return "file://" + quote(os.fsencode(path))


class Sheet:
    """Writes lines to one output, in its width, colours and alphabet."""

    __slots__ = ("_colour", "_links", "_out", "ellipsis", "is_unicode", "rule", "width")

    def __init__(self, out: TextIO, options: ReportOptions) -> None:
        self._out = out
        self._colour = options.colour
        self._links: dict[str, str] | None = {} if options.links else None
        """The address of each file that is here; None where no links are wanted."""
        self.is_unicode = options.unicode
        self.width = options.width
        self.ellipsis = "…" if options.unicode else "..."
        self.rule = "─" if options.unicode else "-"

    def line(self, text: str = "") -> None:
        """Write one line."""
        self._out.write(text.rstrip() + "\n")

    def paint(self, text: str, colour: str) -> str:
        """Colour a text that is already padded, where colours are wanted."""
        if not self._colour or not colour or not text:
            return text
        return f"{_COLOURS[colour]}{text}\x1b[0m"

    def link(self, text: str, path: str) -> str:
        """Let a text that is already cut lead to a file, if that is here."""
        if self._links is None or not text:
            return text
        address = self._links.get(path)
        if address is None:
            address = self._links[path] = _address(path)
        return f"\x1b]8;;{address}\x1b\\{text}\x1b]8;;\x1b\\" if address else text

    def fit(self, text: str, width: int) -> str:
        """Cut the end off a text, so that it takes at most `width` columns."""
        if cells(text) <= width:
            return text
        room = max(width - len(self.ellipsis), 0)
        while cells(text) > room:
            text = text[:room] if len(text) > room else text[:-1]
        return (text + self.ellipsis)[: max(width, 0)]

    def fit_left(self, text: str, width: int) -> str:
        """Cut the beginning off: of a path the end says most."""
        if cells(text) <= width:
            return text
        room = max(width - len(self.ellipsis), 0)
        while cells(text) > room:
            text = text[-room:] if len(text) > room > 0 else text[1:]
        return (self.ellipsis + text)[: max(width, 0)]

    def pad(self, text: str, width: int) -> str:
        """Fill a text up with spaces on its right."""
        return text + " " * (width - cells(text))

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
            if line != indent and cells(f"{line} {text}") > self.width:
                self.line(line)
                line = indent
            line += text if line == indent else " " + text
        self.line(line)
