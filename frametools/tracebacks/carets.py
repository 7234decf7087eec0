"""Source lines as a traceback shows them, with carets under what was running."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING
from unicodedata import east_asian_width

from frametools._python import HAS_CARETS_OF_CALLS
from frametools.tracebacks.anchors import ENDS, anchors, anchors_of_lines, is_whole

if TYPE_CHECKING:
    from frametools.snapshot import FrameSnapshot
    from frametools.tracebacks.colours import Theme


def source_lines(frame: FrameSnapshot, theme: Theme) -> list[str]:
    """List the lines of the statement, indented by 4, with carets."""
    first = frame.source[0]
    text = first.lstrip()
    if not text:
        return []
    indent = len(first) - len(text)
    line, end_line = frame[1:3]
    if end_line is not None and end_line > line:
        return _several_lines(frame, theme, indent)
    lines = [f"    {text}"]
    carets = "" if frame.has_changed else _carets(frame, first, indent)
    if carets:
        lines.append(f"    {theme.caret}{carets}{theme.end}")
    return lines


def _several_lines(frame: FrameSnapshot, theme: Theme, indent: int) -> list[str]:
    line, end_line = frame[1:3]
    carets = [] if frame.has_changed else _carets_of_lines(frame, indent)
    lines = []
    for text, row in zip_longest(frame.source, carets, fillvalue=""):
        shared = min(indent, len(text) - len(text.lstrip()))
        lines.append(f"    {text[shared:]}")
        if row.strip():
            lines.append(f"    {theme.caret}{row[shared:]}{theme.end}")
    more = (end_line or 0) - line + 1 - len(frame.source)
    if more > 0:
        lines.append(
            f"    {theme.faint}... {more} more line{'s' * (more > 1)}{theme.end}"
        )
    return lines


def _carets(frame: FrameSnapshot, line: str, indent: int) -> str:
    """Give spaces and carets; "" if the place is unknown or is all of the line.

    As Python does it says with "~" what an operator, an index or a call is applied to.
    """
    begin, end = frame[3:5]
    if begin is None or end is None:
        return ""
    length = len(line.rstrip())
    is_ascii = line.isascii()
    if not is_ascii:
        begin, end = _characters(line, begin), _characters(line, end)
    begin = max(begin, indent)
    end = min(end, length)
    segment = line[begin:end]
    if not segment:
        return ""
    behind = line[end : end + 2].lstrip()[:1]  # which tells of most lines
    if behind in ENDS and is_whole(line[indent:begin], segment, line[end:]):
        return ""
    found = anchors(segment)
    if found is None:
        if begin == indent and end == length:
            return ""
        found = 0, end - begin
    left, right = found
    left, right = min(begin + left, end), min(begin + right, end)
    return _row(line, begin, left, right, end)[indent:]


def _carets_of_lines(frame: FrameSnapshot, indent: int) -> list[str]:
    """Give the rows of a statement of several lines.

    That of the first line alone before 3.13, or if not all of the lines are there.
    """
    lines, begin, end = frame.source, frame.column, frame.end_column
    if begin is None or end is None:
        return []
    begin = max(_characters(lines[0], begin), indent)
    has_all = (frame.end_line or 0) - frame.line + 1 == len(lines)
    ends = [len(each.rstrip()) for each in lines]
    found, is_behind = None, False
    if has_all:
        end = min(_characters(lines[-1], end), ends[-1])
        is_behind = end < ends[-1]
        ends[-1] = end
        segment = "\n".join((lines[0][begin:], *lines[1:-1], lines[-1][:end]))
        if is_whole(lines[0][indent:begin], segment, lines[-1][end:]):
            return []
        found = anchors_of_lines(segment)
    if found is None and begin == indent and not is_behind:
        return []
    rows = []
    for n, (line, stop) in enumerate(zip(lines, ends, strict=True)):
        start = max(begin * (n == 0), len(line) - len(line.lstrip()))
        left, right = start, stop
        if found is not None:
            left, right = (_within(n, place, begin, start, stop) for place in found)
        rows.append(_row(line, start, left, right, stop))
    return rows if HAS_CARETS_OF_CALLS and has_all else rows[:1]


def _within(n: int, place: tuple[int, int], begin: int, start: int, stop: int) -> int:
    """Give where in the nth line a place is, or which end of the line is nearer."""
    number, offset = place
    if n != number:
        return stop if n < number else start
    return min(max(offset + begin * (n == 0), start), stop)


def _row(line: str, begin: int, left: int, right: int, end: int) -> str:
    """Write the carets below a line, with the spaces before them."""
    if not line.isascii():  # columns of a terminal
        cuts = (begin, left, right, end)
        begin, left, right, end = (_width(line[:each]) for each in cuts)
    spaces = " " * begin
    return f"{spaces}{'~' * (left - begin)}{'^' * (right - left)}{'~' * (end - right)}"


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
