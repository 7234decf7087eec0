"""Source lines as a traceback shows them, with carets under what was running."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unicodedata import east_asian_width

from frametools.tracebacks.anchors import anchors

if TYPE_CHECKING:
    from frametools.snapshot import FrameSnapshot
    from frametools.tracebacks.colours import Theme


def source_lines(frame: FrameSnapshot, theme: Theme) -> list[str]:
    """List the lines of the statement, indented by 4; the first with carets."""
    first = frame.source[0]
    text = first.lstrip()
    if not text:
        return []
    indent = len(first) - len(text)
    lines = [f"    {text}"]
    carets = "" if frame.has_changed else _carets(frame, first, indent)
    if carets:
        lines.append(f"    {theme.caret}{carets}{theme.end}")
    line, end_line = frame[1:3]
    if end_line is None or end_line <= line:
        return lines
    for text in frame.source[1:]:
        shared = min(indent, len(text) - len(text.lstrip()))
        lines.append(f"    {text[shared:]}")
    more = end_line - line + 1 - len(frame.source)
    if more > 0:
        lines.append(
            f"    {theme.faint}... {more} more line{'s' * (more > 1)}{theme.end}"
        )
    return lines


def _carets(frame: FrameSnapshot, line: str, indent: int) -> str:
    """Give spaces and carets; "" if the place is unknown or is all of the line.

    As Python does it says with "~" what an operator, an index or a call is applied to.
    """
    number, end_line, begin, end = frame[1:5]
    if begin is None or end is None:
        return ""
    length = len(line.rstrip())
    is_long = end_line is not None and end_line > number
    is_ascii = line.isascii()
    if not is_ascii:
        begin, end = _characters(line, begin), _characters(line, end)
    begin = max(begin, indent)
    end = length if is_long or end > length else end
    if end <= begin:
        return ""
    found = anchors(_segment(frame, begin) if is_long else line[begin:end])
    if found is None:
        if begin == indent and end == length:
            return ""
        found = 0, end - begin
    left, right = found
    left, right = min(begin + left, end), min(begin + right, end)
    if not is_ascii:  # from here on columns of a terminal
        cuts = (indent, begin, left, right, end)
        indent, begin, left, right, end = (_width(line[:each]) for each in cuts)
    return (
        " " * (begin - indent)
        + "~" * (left - begin)
        + "^" * (right - left)
        + "~" * (end - right)
    )


def _segment(frame: FrameSnapshot, begin: int) -> str:
    """Give what was running, of several lines; "" if not all of them are there."""
    first, *lines = frame.source
    if (frame.end_line or 0) - frame.line != len(lines):
        return ""
    lines[-1] = lines[-1][: _characters(lines[-1], frame.end_column or 0)]
    return "\n".join((first[begin:], *lines))


def _characters(line: str, offset: int) -> int:
    """Count the characters before a byte offset."""
    if line.isascii():
        return min(offset, len(line))
    return len(line.encode()[:offset].decode(errors="replace"))


def _width(text: str) -> int:
    """Count columns of a terminal: two for wide characters."""
    if text.isascii():
        return len(text)
    return sum(2 if east_asian_width(each) in "FW" else 1 for each in text)
