"""What an operator, an index or a call is applied to, in the text of an expression.

    total / count      items['key']      parse(line, 3)
          ^                 ^^^^^^^           ^^^^^^^^^     "^" these, "~" the rest

Python's own `traceback` parses the text to tell: 30 us. What most lines of a traceback
are, a plain call, index or operation on names, a regular expression tells in 1 us.
"""

from __future__ import annotations

import re
import sys
from functools import lru_cache
from keyword import iskeyword
from typing import Any

_TEXT = r""""[^"\\{]*+"|'[^'\\{]*+'"""
_ARGUMENTS = rf"""(?:[^()'"#\\]|{_TEXT})*+"""
_PLAIN = re.compile(
    rf"""([A-Za-z_][\w.]*+)
    (?: (?P<call> \( (?:[^()'"#\\] | {_TEXT} | \( {_ARGUMENTS} \) )*+ \) )
      | (?P<index> \[ (?:[\w.]+ | {_TEXT}) \] )
      | [ ]* (?P<operator> // | \*\* | << | >> | [-+*/%@&|^]) [ ]* [\w.]+
    )""",
    re.VERBOSE,
)
"""With no string that may hold code; an opening bracket's other one ends the text."""
_HAS_CALLS = sys.version_info >= (3, 13)
_NONE = re.compile(r"[^-+*/%@&|^\[<>(]*" if _HAS_CALLS else r"[^-+*/%@&|^\[<>]*")


def anchors(segment: str) -> tuple[int, int] | None:
    """Give where in its first line the carets begin and end, as `traceback` has it.

    Of a binary operator, an index, and since 3.13 of a call. None of others, and if
    this Python's `traceback` has another way to tell.
    """
    if (plain := _PLAIN.fullmatch(segment)) and not iskeyword(plain[1]):
        kind = plain.lastgroup or ""
        return plain.span(kind) if kind != "call" or _HAS_CALLS else None
    if "\\" in segment or _NONE.fullmatch(segment):  # the parser warns of escapes
        return None
    return _parsed(segment)


@lru_cache(maxsize=500)
def _parsed(segment: str) -> tuple[int, int] | None:
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
