"""The text that `raise_from` makes an error of: a message, a line for each frame.

invalid literal for int() with base 10: 'abc'
  Frame: parse_number - locals: {'s': 'abc', 'value': <not yet assigned>}
  Frame: Flask.wsgi_app (flask/app.py:1511)
  Frame: <module> - locals: {}
  Cause: KeyError: 'abc'
  Frame: look_up - locals: {'key': 'abc'}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from frametools._paths import printable
from frametools.snapshot import FrameSnapshot
from frametools.tracebacks.annotating import inside_out
from frametools.tracebacks.libraries import Libraries, short_name
from frametools.tracebacks.messages import Told
from frametools.tracebacks.rendering import folding, gap_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from frametools.snapshot import LocalSnapshot, TracebackSnapshot
    from frametools.tracebacks.options import Options

_INDENT = " " * 6


def enhanced_text(snapshot: TracebackSnapshot, options: Options) -> Told:
    """Give the message, and a line for each frame, innermost first.

    The members of a group and what it came from follow, each in the same way. What does
    not fit into `width` goes on in the next line, further in.
    """
    shown: dict[int, FrameSnapshot] = {}
    lines = [snapshot.message, *_frames(snapshot, options, shown)]
    for says, each in _others(snapshot):
        colon = ": " if each.message else ""
        text = f"{says}: {each.type}{colon}{each.message}"
        lines.append("  " + text.replace("\n", f"\n{_INDENT}"))
        lines += _frames(each, options, shown)
    found = Told("\n".join(lines))
    found.short = snapshot.message
    return found


def _others(snapshot: TracebackSnapshot) -> Iterator[tuple[str, TracebackSnapshot]]:
    """Yield the members of a group, and then what it came from."""
    for each in snapshot.members:
        yield "Member", each
        yield from _others(each)
    before = snapshot.cause or snapshot.context
    if before is not None:
        yield ("Cause" if snapshot.cause else "Context"), before
        yield from _others(before)


def _frames(
    snapshot: TracebackSnapshot, options: Options, shown: dict[int, FrameSnapshot]
) -> Iterator[str]:
    """Yield the lines of the frames that an exception has left."""
    short = _short(snapshot, options)
    for each in inside_out(snapshot, folding(options)):
        if not isinstance(each, FrameSnapshot):
            yield gap_line(each)
            continue
        begin = f"  Frame: {each.code[0]}"
        if id(each) in short:
            yield f"{begin} ({short_name(each.code[1])}:{each.line})"
        elif first := shown.get(id(each.locals)):
            is_it = first.code == each.code
            where = "where it stands first" if is_it else f"of {first.code[0]}"
            yield f"{begin} - locals: as above, {where}"
        else:
            pieces = [f"{begin} - locals: {{", *_pieces(each)]
            yield from fitted(pieces, options.columns)
        if each.locals:
            shown.setdefault(id(each.locals), each)


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

    A line ends behind a piece, and lacks the space there. One that is longer than a
    line ends behind a space, else anywhere, and nothing of it is lost.
    """
    lines = [""]
    for piece in pieces:
        if lines[-1].strip() and len(lines[-1] + piece.removesuffix(" ")) > width:
            lines[-1:] = lines[-1].removesuffix(" "), _INDENT
        lines[-1] += piece
        while len(lines[-1].removesuffix(" ")) > width:
            line = lines.pop()
            end = line.rfind(" ", width // 2, width) + 1 or width
            lines += line[:end], _INDENT + line[end:]
    return lines
