"""A TracebackSnapshot as the text that people know, with variables.

Traceback (most recent call last):
  File "app.py", line 12, in parse
    total = int(field) / count
            ^^^^^^^^^^
      field = 'x'
      count, total = <not yet assigned>
ValueError: invalid literal for int() with base 10: 'x'
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from frametools.tracebacks.carets import source_lines
from frametools.tracebacks.colours import PLAIN, Theme

if TYPE_CHECKING:
    from collections.abc import Iterator

    from frametools.snapshot import FrameSnapshot, GapSnapshot, TracebackSnapshot

HEAD = "Traceback (most recent call last):"
_CAUSED = "The above exception was the direct cause of the following exception:"
_DURING = "During handling of the above exception, another exception occurred:"
_LATER = "the variables are as of line {}, later than the line above"
_CHANGED = "the file has changed since: this may not be the line that ran"
_ENDED = {
    "loop": "the chain of exceptions goes round from here",
    "too long": "earlier exceptions of the chain are left out",
}


def render(snapshot: TracebackSnapshot, theme: Theme = PLAIN) -> str:
    """Return the text, with a line end. About 4 us per frame."""
    return "\n".join([*_chain(snapshot, theme, 0), ""])


def _chain(snapshot: TracebackSnapshot, theme: Theme, depth: int) -> Iterator[str]:
    """Yield the lines of an exception behind those of what it came from."""
    margin = _margin(depth)
    chain = [snapshot]
    while before := chain[-1].cause or chain[-1].context:
        chain.append(before)
    if chain[-1].ended:
        yield f"{margin}{theme.faint}({_ENDED[chain[-1].ended]}){theme.end}"
    for each in reversed(chain):
        if before := each.cause or each.context:
            yield from (margin, margin + (_CAUSED if each.cause else _DURING), margin)
        if each.is_group:
            yield from _group(each, theme, depth)
        else:
            head = [HEAD] if each.frames or each.gaps else []
            lines = [*head, *_frames(each, theme), *said(each, theme)]
            yield from [margin + line for line in lines] if margin else lines


def _margin(depth: int, mark: str = "|") -> str:
    """Give what stands before the lines of what is so deep in groups."""
    return f"{'  ' * depth}{mark} " if depth else ""


def _group(snapshot: TracebackSnapshot, theme: Theme, depth: int) -> Iterator[str]:
    """Yield the lines of a group: its own, then those of its members."""
    inner = depth or 1
    if snapshot.frames or snapshot.gaps:
        yield _margin(inner, "|" if depth else "+") + "Exception Group " + HEAD
    for line in (*_frames(snapshot, theme), *said(snapshot, theme)):
        yield _margin(inner) + line
    indent, start = "  " * inner, "+-"
    for number, member in enumerate(snapshot.members, 1):
        yield f"{indent}{start}+---------------- {number} ----------------"
        yield from _chain(member, theme, inner + 1)
        start = "  "
    if more := snapshot.more_members:
        yield f"{indent}{start}+---------------- ... ----------------"
        yield f"{_margin(inner + 1)}and {more} more exception{'s' * (more > 1)}"
    if more or not snapshot.members[-1].is_group:
        yield f"{indent}  +------------------------------------"


def said(snapshot: TracebackSnapshot, theme: Theme) -> Iterator[str]:
    """Yield type and message, the text of a SyntaxError before and notes behind."""
    yield from snapshot.syntax
    name, text = snapshot.type, snapshot.message
    first, *rest = text.split("\n")
    colon = ": " if text else ""
    yield f"{theme.kind}{name}{theme.end}{colon}{theme.message}{first}{theme.end}"
    for line in rest:
        yield f"{theme.message}{line}{theme.end}"
    for note in snapshot.notes:
        yield from note.split("\n")


def _frames(snapshot: TracebackSnapshot, theme: Theme) -> list[str]:
    lines: list[str] = []
    gaps = list(snapshot.gaps)
    for index, frame in enumerate(snapshot.frames):
        while gaps and gaps[0].before <= index:
            lines.append(gap_line(gaps.pop(0), theme))
        lines += frame_lines(frame, theme)
    lines += [gap_line(gap, theme) for gap in gaps]
    return lines


def gap_line(gap: GapSnapshot, theme: Theme = PLAIN) -> str:
    """Say which frames are not shown here."""
    frames = "1 frame" if gap.frames == 1 else f"{gap.frames:,} frames"
    if gap.why == "repeated":
        rounds = gap.frames // gap.period
        which = "frame" if gap.period == 1 else f"{gap.period} frames"
        times = "time" if rounds == 1 else "times"
        text = f"the {which} above repeated {rounds:,} more {times}"
    else:
        text = f"{frames} {gap.why}"
    return f"  {theme.faint}... {text} ...{theme.end}"


def frame_lines(frame: FrameSnapshot, theme: Theme) -> list[str]:
    """List the lines of a frame: place, source, variables."""
    code, line, _, _, _, found, more, _, source, has_changed = frame
    name, path = code[:2]
    on, off = theme.place, theme.end
    lines = [f'  File {on}"{path}"{off}, line {on}{line}{off}, in {on}{name}{off}']
    if source:
        lines += source_lines(frame, theme)
    if has_changed:
        lines.append(f"      {theme.caret}({_CHANGED}){off}")
    if found or more:
        lines += variable_lines(frame, theme)
    return lines


def variable_lines(
    frame: FrameSnapshot, theme: Theme, indent: str = "      "
) -> list[str]:
    """List the variables; those without a value together, at the end."""
    faint, off, before = theme.faint, theme.end, indent + theme.name
    found, later = frame.locals, frame.later_line
    equals = off + " = "
    lines = [
        before + name + equals + value
        if value.isprintable()
        else f"{before}{name}{equals}{_printable(value, indent, name)}"
        for name, value, _ in found
        if value is not None
    ]
    if later is not None:
        lines.insert(0, f"{indent}{faint}({_LATER.format(later)}){off}")
    if len(lines) < len(found) + (later is not None):
        for why, names in _missing(frame).items():
            lines.append(f"{before}{', '.join(names)}{equals}{faint}<{why}>{off}")
    if more := frame.more_locals:
        lines.append(f"{indent}{faint}... {more} more variable{'s' * (more > 1)}{off}")
    return lines


def _missing(frame: FrameSnapshot) -> dict[str, list[str]]:
    """Give the names without a value, by why."""
    found: dict[str, list[str]] = {}
    for name, value, why in frame.locals:
        if value is None:
            found.setdefault(why, []).append(name)
    return found


def _printable(value: str, indent: str, name: str) -> str:
    """Escape what a terminal would obey; a line after the first is indented."""
    clean = [
        "".join([x if x.isprintable() or x == "\t" else repr(x)[1:-1] for x in line])
        for line in value.split("\n")
    ]
    return f"\n{indent}{' ' * (len(name) + 3)}".join(clean)
