"""Source lines as a traceback shows them, with carets under what was running."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unicodedata import east_asian_width

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
    """Give spaces and carets; "" if the place is unknown or is all of the line."""
    number, end_line, begin, end = frame[1:5]
    if begin is None or end is None:
        return ""
    is_ascii = line.isascii()
    if end_line is not None and end_line > number:
        end = len(line.encode())
    if not is_ascii:
        begin, end = _characters(line, begin), _characters(line, end)
    length = len(line.rstrip())
    end = min(end, length)
    begin = max(begin, indent)
    if end <= begin or (begin == indent and end == length):
        return ""
    if is_ascii:
        return " " * (begin - indent) + "^" * (end - begin)
    return " " * _width(line[indent:begin]) + "^" * _width(line[begin:end])


def _characters(line: str, offset: int) -> int:
    """Count the characters before a byte offset."""
    return len(line.encode()[:offset].decode(errors="replace"))


def _width(text: str) -> int:
    """Count columns of a terminal: two for wide characters."""
    return sum(2 if east_asian_width(each) in "FW" else 1 for each in text)
