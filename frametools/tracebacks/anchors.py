"""What an operator, index or call is applied to, in the text of an expression.

    total / count      items['key']      parse(line, 3)
          ^                 ^^^^^^^           ^^^^^^^^^     "^" these, "~" the rest

Python's own `traceback` parses the text to tell: 30 us. What most lines of a traceback
are, a plain call, index or operation on names, a regular expression tells in 1 us.
"""

from __future__ import annotations

import ast
import re
from functools import lru_cache
from keyword import iskeyword
from typing import TYPE_CHECKING, Any

from frametools._python import HAS_CARETS_OF_CALLS

if TYPE_CHECKING:
    Place = tuple[int, int]

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
_STATEMENT = re.compile(r"(?P<returns>return)\s+|[^\W\d]\w*\s*=\s*")
ENDS = frozenset(("", "#", ";"))
"""What a statement ends before."""
_NONE = re.compile(
    r"[^-+*/%@&|^\[<>(]*" if HAS_CARETS_OF_CALLS else r"[^-+*/%@&|^\[<>]*"
)


def anchors(segment: str) -> tuple[int, int] | None:
    """Give where in its first line the carets begin and end, as `traceback` has it.

    Of a binary operator, an index, and since 3.13 of a call. None of others, and if
    this Python's `traceback` has another way to tell.
    """
    if (plain := _PLAIN.fullmatch(segment)) and not iskeyword(plain[1]):
        kind = plain.lastgroup or ""
        return plain.span(kind) if kind != "call" or HAS_CARETS_OF_CALLS else None
    if "\\" in segment or _NONE.fullmatch(segment):  # the parser warns of escapes
        return None
    return _parsed(segment)


@lru_cache(maxsize=500)
def _parsed(segment: str) -> tuple[int, int] | None:
    try:
        found = _asked(segment)
        return found and (found.left_end_offset, found.right_start_offset)
    except Exception:  # the function is not what it was
        return None


@lru_cache(maxsize=100)
def anchors_of_lines(segment: str) -> tuple[Place, Place] | None:
    """Give the same of several lines: line and offset, both from 0."""
    if "\\" in segment:
        return None
    try:
        found = _asked(segment)
        return found and (
            (found.left_end_lineno, found.left_end_offset),
            (found.right_start_lineno, found.right_start_offset),
        )
    except Exception:
        return None


def _asked(segment: str) -> Any:
    import traceback

    find = getattr(traceback, "_extract_caret_anchors_from_line_segment", None)
    return find and find(segment)


def is_whole(before: str, segment: str, behind: str) -> bool:
    """Tell if a statement is no more than a call: `return f(x)`, `y = f(x)`.

    Since 3.13 that has no carets: `StackSummary._should_show_carets`. `before` is what
    stands before the call in its line, `behind` the rest of its last line.
    """
    if not HAS_CARETS_OF_CALLS or segment[-1:] != ")":
        return False
    if behind.lstrip()[:1] not in ENDS or not (kind := _STATEMENT.fullmatch(before)):
        return False
    if (plain := _PLAIN.fullmatch(segment)) and plain["call"]:
        is_name = "." not in plain[1]
    elif "\\" in segment:
        return False
    else:
        called = _called(segment)
        is_name = type(called) is ast.Name
        if called is None:
            return False
    return is_name or not kind["returns"]


@lru_cache(maxsize=500)
def _called(segment: str) -> ast.expr | None:
    try:
        expression = ast.parse(segment, mode="eval").body
    except (SyntaxError, ValueError):
        return None
    return expression.func if type(expression) is ast.Call else None
