"""The text that `raise_from` makes an error of: a message, a line for each frame.

invalid literal for int() with base 10: 'abc'
  Frame: parse_number - locals: {'s': 'abc', 'value': <not yet assigned>}
  Frame: Flask.wsgi_app (flask/app.py:1511)
  Frame: <module> - locals: {}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from frametools._paths import printable
from frametools._safe_repr import safe_message
from frametools._secrets import hide_secrets
from frametools.snapshot import FrameSnapshot
from frametools.tracebacks.annotating import inside_out
from frametools.tracebacks.libraries import Libraries, short_name
from frametools.tracebacks.rendering import folding, gap_line

if TYPE_CHECKING:
    from collections.abc import Iterable

    from frametools.snapshot import LocalSnapshot, TracebackSnapshot
    from frametools.tracebacks.options import Options

_INDENT = " " * 6


def enhanced_text(
    exc: BaseException, snapshot: TracebackSnapshot, options: Options
) -> str:
    """Give the message, and a line for each frame, innermost first.

    What does not fit into `width` goes on in the next line, further in.
    """
    lines = [hide_secrets(safe_message(exc, 10_000))]
    short = _short(snapshot, options)
    shown: set[int] = set()
    width = options.columns
    for each in inside_out(snapshot, folding(options)):
        if not isinstance(each, FrameSnapshot):
            lines.append(gap_line(each))
            continue
        begin = f"  Frame: {each.code[0]}"
        if id(each) in short:
            lines.append(f"{begin} ({short_name(each.code[1])}:{each.line})")
        elif id(each.locals) in shown:
            lines.append(f"{begin} - locals: as above, where it stands first")
        else:
            lines += fitted([f"{begin} - locals: {{", *_pieces(each)], width)
        if each.locals:
            shown.add(id(each.locals))
    return "\n".join(lines)


def _short(snapshot: TracebackSnapshot, options: Options) -> set[int]:
    """Give the ids of those whose variables were not read."""
    if options.library == "full":
        return set()
    libraries = Libraries(options.suppress)
    frames = snapshot.frames[:-1]
    return {id(each) for each in frames if libraries[each.code.filename]}


def _pieces(frame: FrameSnapshot) -> list[str]:
    """Give the rest of a dict; a line may end behind each piece."""
    pairs = [*map(_pair, frame.locals)]
    if frame.more_locals:
        pairs.append(f"... {frame.more_locals} more")
    last = pairs.pop() if pairs else ""
    return [*(f"{pair}, " for pair in pairs), f"{last}}}"]


def _pair(local: LocalSnapshot) -> str:
    name, value, why = local
    text = f"<{why}>" if value is None else value
    return f"{name!r}: {printable(text)}"


def fitted(pieces: Iterable[str], width: int) -> list[str]:
    """Join pieces to lines of at most `width` characters.

    A line ends behind a piece, else at a space, else anywhere.
    """
    lines = [""]
    for piece in pieces:
        if lines[-1].strip() and len(lines[-1]) + len(piece.rstrip()) > width:
            lines.append(_INDENT)
        lines[-1] += piece
        while len(lines[-1].rstrip()) > width:
            line = lines.pop()
            end = line.rfind(" ", width // 2, width + 1) + 1 or width
            lines += line[:end], _INDENT + line[end:]
    return [line.rstrip() for line in lines]
