"""Leaks as text: for each, what is kept, who holds it, and how it is let go.

    KEPT  load_big (app.py:12)  95.4 MiB  x 3      RuntimeError -> __traceback__ -> ...
          held by  app.saved (module global)
          also     2 callers through f_back: main (app.py:30) 1.2 MiB, <module>
          let go   exc.with_traceback(None), or del app.saved

Lines are as wide as the terminal; but a holder's path is never cut, so that it can be
copied.
"""

from __future__ import annotations

import os
import re
import textwrap
from typing import TYPE_CHECKING

from frametools._paths import printable
from frametools.retention.amounts import format_amount
from frametools.retention.leaks import Kind, Through
from frametools.retention.report.advice import advice
from frametools.retention.report.places import name_of, place_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from frametools.retention.leaks import Holder, KeptFrame, KeptLocal, Leak

__all__ = ["advice", "describe", "report"]

TITLE = "frames are still alive"
_WORDS = {kind: kind.name for kind in Kind} | {Kind.RETAINED: "KEPT"}
_INDENT = 6
_LABELS = 9
"""Columns of a label, such as `held by`, with the space behind it."""
_NARROWEST, _WIDEST, _UNKNOWN = 60, 250, 100
_HOLDERS = 10
"""Holders that are listed."""
_FRAMES = 5
"""Other frames that are named, of each sort."""
_WORTH = 1 << 10
"""Bytes that are worth a figure: those of a bare frame are not."""
_STATEMENTS = re.compile(r"\[[^\]]*\]|\b(del|raise|await) | = None|finally: del ")
"""What of a piece of advice stays on one line."""
_UNSEEN = "no holder Python can see"


def describe(leak: Leak, *, width: int | None = None) -> str:
    """Describe one leak in several lines; `width` is that of the terminal.

    100 columns where there is none. No newline at the end.
    """
    lines = _lines(leak, _width() if width is None else width)
    return "\n".join(lines).replace(_HARD, " ")


def report(
    leaks: Sequence[Leak],
    *,
    title: str = TITLE,
    ascii: bool = False,  # noqa: A002
    limit: int | None = 20,
    width: int | None = None,
    notes: Sequence[str] = (),
) -> str:
    """Describe leaks in the order given, under a line with their number and size.

    No such line if `title` is empty. `limit` bounds how many are described, None is no
    bound. `ascii` escapes what is not. `notes` come last. No newline at the end.
    """
    columns = _width() if width is None else width
    shown = leaks if limit is None else leaks[:limit]
    parts = [f"{title}: {_sum(leaks)}"] if title else []
    parts += [describe(leak, width=columns) for leak in shown]
    if len(shown) < len(leaks):
        parts.append(f"... and {_sum(leaks[len(shown) :], 'more')}")
    parts += [f"note: {note}" for note in notes]
    text = "\n\n".join(parts)
    return text.encode("ascii", "backslashreplace").decode() if ascii else text


def _sum(leaks: Sequence[Leak], noun: str = "") -> str:
    """Say how many leaks there are, equal ones counted, and what they keep."""
    number = sum(leak.count for leak in leaks)
    noun = noun or ("leak" if number == 1 else "leaks")
    least = ">= " if any(leak.is_partial for leak in leaks) else ""
    return f"{number:,} {noun}, {least}{format_amount(sum(k.size for k in leaks))}"


def _width() -> int:
    """Return the columns of the terminal, as `COLUMNS` says or the terminal itself."""
    found = os.environ.get("COLUMNS", "")
    if found.isdecimal() and int(found):
        return min(max(int(found), _NARROWEST), _WIDEST)
    for descriptor in (2, 1):
        try:
            columns = os.get_terminal_size(descriptor).columns
        except OSError:
            continue
        if columns:
            return min(max(columns, _NARROWEST), _WIDEST)
    return _UNKNOWN


# --- one leak ---


def _lines(leak: Leak, width: int) -> Iterator[str]:
    head, chain = _head(leak), _chain(leak)
    beside = f"{head}      {chain}"
    if len(beside) <= width:
        yield beside
    else:
        yield from _wrapped(head, width, " " * _INDENT, "")
        yield from _part("through", [chain], width)
    yield from _part("with", _others_with(leak), width)
    yield from _part("held by", _holders(leak, width - _INDENT - _LABELS), width)
    yield from _part("also", _also(leak), width)
    let_go = _STATEMENTS.sub(lambda found: _whole(found.group()), advice(leak))
    yield from _part("let go", [let_go], width)


def _part(label: str, items: Iterable[str], width: int) -> Iterator[str]:
    """Write items below each other, the first beside the label."""
    blank = " " * (_INDENT + _LABELS)
    begin = f"{'':{_INDENT}}{label:{_LABELS}}"
    for item in items:
        yield from _wrapped(item, width, blank, begin)
        begin = blank


def _wrapped(text: str, width: int, indent: str, begin: str) -> Iterator[str]:
    """Break text at its spaces; what has none, and steps of a chain, stay whole."""
    if len(begin) + len(text) <= width:
        yield begin + text
        return
    wrapper = textwrap.TextWrapper(
        width,
        initial_indent=begin,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
    yield from wrapper.wrap(text.replace("-> ", f"->{_HARD}"))


_HARD = "\0"
"""Stands for a space at which no line ends; `printable` text has none."""


def _whole(text: str) -> str:
    return text.replace(" ", _HARD)


def _head(leak: Leak) -> str:
    times = f"  x {leak.count:,}" if leak.count > 1 else ""
    least = ">= " if leak.is_partial else ""
    # Of what is not equally large, or not measured equally far, the average would be
    # less than the largest variable, which is written behind it.
    is_uneven = leak.count > 1 and any(x.size > leak.each for x in leak.frame.locals)
    amount = f"{format_amount(leak.size)} in all" if is_uneven else None
    size = f"{least}{amount or format_amount(leak.each)}{times}"
    return f"{_WORDS[leak.kind]}  {place_of(leak.frame)}  {size}"


def _chain(leak: Leak) -> str:
    """Write the references from the head to the largest variable, and its size."""
    steps = [printable(step.strip()) for step in (leak.head, *leak.chain)]
    local = leak.frame.locals[0] if leak.frame.locals else None
    if local is not None and leak.chain and leak.chain[-1] == local.name:
        steps[-1] = _local(local)
    return " -> ".join(steps)


def _local(local: KeptLocal) -> str:
    amount = f", {format_amount(local.size)}" if local.size else ""
    return _whole(f"{printable(local.name)} ({printable(local.type)}{amount})")


def _others_with(leak: Leak) -> list[str]:
    """Name more variables of the frame that keep a tenth of it or more."""
    least = max(_WORTH, leak.frame.size // 10)
    found = [local for local in leak.frame.locals[1:] if local.size >= least]
    if not found:
        return []
    rest = [f"{len(found) - _FRAMES} more"] * (len(found) > _FRAMES)
    return [", ".join([*map(_local, found[:_FRAMES]), *rest])]


# --- who holds it ---


def _holders(leak: Leak, room: int) -> Iterator[str]:
    for holder in leak.holders[:_HOLDERS]:
        yield from _holder(holder, room)
    if len(leak.holders) > _HOLDERS:
        yield f"and {len(leak.holders) - _HOLDERS} more"
    if leak.hidden:
        number = f"{leak.hidden:,} reference{'s' * (leak.hidden != 1)}"
        if leak.holders:
            yield f"and {number} that Python cannot see"
        else:
            yield f"{_UNSEEN}: {number} from C"
    if len(leak.holders) + bool(leak.hidden) > 1:
        yield "all must let go before memory is freed"


def _holder(holder: Holder, room: int) -> Iterator[str]:
    path, kind = printable(holder.path), printable(holder.kind)
    if kind.startswith(_UNSEEN):
        yield f"{kind}, as {path}"
        return
    where = _whole(path if holder.is_certain else f"probably {path}")
    if kind in ("", path):
        yield where
    elif len(f"{where} ({kind})") <= room:
        yield f"{where} ({kind})"
    else:
        yield where
        yield f"({kind})"


# --- the other frames ---


def _also(leak: Leak) -> Iterator[str]:
    others = leak.frames[1:]
    for through, (one, many) in _THROUGH.items():
        found = [frame for frame in others if frame.through is through]
        if found:
            number = f"{len(found):,} {one if len(found) == 1 else many}"
            yield f"{number}: {', '.join(_named(found))}"


_THROUGH = {
    Through.TRACEBACK: ("frame of the traceback", "frames of the traceback"),
    Through.GENERATOR: ("suspended generator", "suspended generators"),
    Through.FRAME: ("frame kept itself", "frames kept themselves"),
    Through.CALLER: ("caller through f_back", "callers through f_back"),
}
"""In the order in which they are listed."""


def _named(frames: Sequence[KeptFrame]) -> Iterator[str]:
    """Name frames, those with a size first; equal ones once, the rest counted."""
    texts: dict[str, list[KeptFrame]] = {}
    for frame in sorted(frames, key=lambda frame: frame.size < _WORTH):
        text = place_of(frame) if frame.size >= _WORTH else name_of(frame)
        texts.setdefault(text, []).append(frame)
    for index, (text, same) in enumerate(texts.items()):
        if index == _FRAMES:
            left = list(texts.values())[_FRAMES:]
            yield f"and {sum(map(len, left)):,} more"
            return
        times = f" x {len(same):,}" if len(same) > 1 else ""
        each = sum(frame.size for frame in same) // len(same)
        yield _whole(f"{text}{f' {format_amount(each)}' * (each >= _WORTH)}{times}")
