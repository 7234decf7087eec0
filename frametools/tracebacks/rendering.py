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

from typing import TYPE_CHECKING, NamedTuple

from frametools._folding import repeated
from frametools._paths import printable
from frametools.snapshot import FrameSnapshot, GapSnapshot
from frametools.tracebacks.carets import source_lines
from frametools.tracebacks.colours import PLAIN, Theme
from frametools.tracebacks.libraries import Libraries
from frametools.tracebacks.options import Options
from frametools.tracebacks.repeats import repeats

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from frametools.snapshot import TracebackSnapshot

HEAD = "Traceback (most recent call last):"
_CAUSED = "The above exception was the direct cause of the following exception:"
_DURING = "During handling of the above exception, another exception occurred:"
_LATER = "the variables are as of line {}, later than the line above"
_AGAIN = "the variables are those of a later moment, at the same line"
_CHANGED = "the file has changed since: this may not be the line that ran"
_USUAL = Options()
_ENDED = {
    "loop": "the chain of exceptions goes round from here",
    "shown": "what this comes from is shown elsewhere in this traceback",
    "too long": "earlier exceptions of the chain are left out",
}


class Look(NamedTuple):
    """How a snapshot is shown."""

    theme: Theme
    folding: Libraries | None
    """Whose frames are folded."""
    repeats: dict[int, str]


def render(
    snapshot: TracebackSnapshot, theme: Theme = PLAIN, options: Options = _USUAL
) -> str:
    """Return the text, with a line end. About 4 us per frame."""
    look = Look(theme, folding(options), repeats(snapshot))
    return "\n".join([*_chain(snapshot, look, 0), ""])


def folding(options: Options) -> Libraries | None:
    """Give whose frames are folded, if any are."""
    return Libraries(options.suppress) if options.library == "fold" else None


def _chain(snapshot: TracebackSnapshot, look: Look, depth: int) -> list[str]:
    """List the lines of an exception behind those of what it came from."""
    margin, theme = _margin(depth), look.theme
    lines: list[str] = []
    chain = [snapshot]
    while before := chain[-1].cause or chain[-1].context:
        chain.append(before)
    if chain[-1].ended:
        lines += [f"{margin}{theme.faint}({_ENDED[chain[-1].ended]}){theme.end}"]
    for each in reversed(chain):
        if before := each.cause or each.context:
            lines += [margin, margin + (_CAUSED if each.cause else _DURING), margin]
        if each.is_group:
            lines += _group(each, look, depth)
        else:
            head = [HEAD] if each.frames or each.gaps else []
            own = [*head, *_frames(each, look), *said(each, theme)]
            lines += [margin + line for line in own] if margin else own
    return lines


def _margin(depth: int, mark: str = "|") -> str:
    """Give what stands before the lines of what is so deep in groups."""
    return f"{'  ' * depth}{mark} " if depth else ""


def _group(snapshot: TracebackSnapshot, look: Look, depth: int) -> Iterator[str]:
    """Yield the lines of a group: its own, then those of its members."""
    inner = depth or 1
    if snapshot.frames or snapshot.gaps:
        yield _margin(inner, "|" if depth else "+") + "Exception Group " + HEAD
    for line in (*_frames(snapshot, look), *said(snapshot, look.theme)):
        yield _margin(inner) + line
    indent, start = "  " * inner, "+-"
    for number, member in enumerate(snapshot.members, 1):
        yield f"{indent}{start}+---------------- {number} ----------------"
        yield from _chain(member, look, inner + 1)
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


def _frames(snapshot: TracebackSnapshot, look: Look) -> list[str]:
    lines: list[str] = []
    theme, _, instead = look
    items = merged(snapshot)
    if look.folding is not None and snapshot.frames:
        items = look.folding.folded(items, snapshot.frames[-1])
    for each in items:
        if type(each) is GapSnapshot:
            lines.append(gap_line(each, theme))
        elif isinstance(each, FrameSnapshot):
            said_instead = instead.get(id(each), "") if instead else ""
            lines += frame_lines(each, theme, said_instead)
    return lines


def merged(snapshot: TracebackSnapshot) -> Iterable[FrameSnapshot | GapSnapshot]:
    """Give frames and gaps, outermost first."""
    return _merged(snapshot) if snapshot.gaps else snapshot.frames


def _merged(snapshot: TracebackSnapshot) -> Iterator[FrameSnapshot | GapSnapshot]:
    gaps = list(snapshot.gaps)
    for index, frame in enumerate(snapshot.frames):
        while gaps and gaps[0].before <= index:
            yield gaps.pop(0)
        yield frame
    yield from gaps


def gap_line(gap: GapSnapshot, theme: Theme = PLAIN) -> str:
    """Say which frames are not shown here."""
    frames = "1 frame" if gap.frames == 1 else f"{gap.frames:,} frames"
    if gap.why == "repeated":
        text = repeated(gap.frames // gap.period, gap.period)
    else:
        text = f"{frames} {gap.why}"
    return f"  {theme.faint}... {text} ...{theme.end}"


def frame_lines(frame: FrameSnapshot, theme: Theme, instead: str = "") -> list[str]:
    """List the lines of a frame: place, source, variables or what is said instead."""
    code, line, _, _, _, found, more, _, source, has_changed = frame
    name, path = code[:2]
    on, off = theme.place, theme.end
    lines = [f'  File {on}"{path}"{off}, line {on}{line}{off}, in {on}{name}{off}']
    if source:
        lines += source_lines(frame, theme)
    if has_changed:
        lines.append(f"      {theme.caret}({_CHANGED}){off}")
    if instead:
        lines.append(f"      {theme.faint}({instead}){off}")
    elif found or more:
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
        f"{before}{name}{equals}{value}"
        if value.isprintable()
        else f"{before}{name}{equals}{_printable(value, indent, name)}"
        for name, value, _ in found
        if value is not None
    ]
    if later is not None:
        says = _AGAIN if later == frame.line else _LATER.format(later)
        lines.insert(0, f"{indent}{faint}({says}){off}")
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
    clean = ["\t".join(map(printable, line.split("\t"))) for line in value.split("\n")]
    return f"\n{indent}{' ' * (len(name) + 3)}".join(clean)
