"""Source lines as a traceback shows them, with carets under what was running."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any
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
    """Give spaces and carets; "" if the place is unknown or is all of the line.

    As Python does it says with "~" what an operator, an index or a call is applied to.
    """
    number, end_line, begin, end = frame[1:5]
    if begin is None or end is None:
        return ""
    length = len(line.rstrip())
    is_long = end_line is not None and end_line > number
    begin = max(_characters(line, begin), indent)
    end = length if is_long else min(_characters(line, end), length)
    if end <= begin:
        return ""
    found = _anchors(_segment(frame, begin) if is_long else line[begin:end])
    if found is None and begin == indent and end == length:
        return ""
    left, right = (min(begin + each, end) for each in found or (0, end - begin))
    return (
        " " * _width(line[indent:begin])
        + "~" * _width(line[begin:left])
        + "^" * _width(line[left:right])
        + "~" * _width(line[right:end])
    )


def _segment(frame: FrameSnapshot, begin: int) -> str:
    """Give what was running, of several lines; "" if not all of them are there."""
    first, *lines = frame.source
    if (frame.end_line or 0) - frame.line != len(lines):
        return ""
    lines[-1] = lines[-1][: _characters(lines[-1], frame.end_column or 0)]
    return "\n".join((first[begin:], *lines))


@lru_cache(maxsize=500)
def _anchors(segment: str) -> tuple[int, int] | None:
    """Give where in its first line the carets begin and end, as `traceback` has it.

    Of a binary operator, an index, and since 3.13 of a call. None of others, and if
    this Python's `traceback` has another way to tell. 30 us, of which most parses.
    """
    if not segment or "\\" in segment:  # which may warn of a wrong escape
        return None
    import traceback

    find = getattr(traceback, "_extract_caret_anchors_from_line_segment", None)
    try:
        found: Any = find and find(segment)
        if "\n" not in segment:
            return found and (found.left_end_offset, found.right_start_offset)
        all_of_it = len(segment)
        return (
            all_of_it if found.left_end_lineno else found.left_end_offset,
            all_of_it if found.right_start_lineno else found.right_start_offset,
        )
    except Exception:  # it is none of these, or the function is not what it was
        return None


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
