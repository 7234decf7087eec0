"""Source lines of the functions that matter, as far as there is room."""

from __future__ import annotations

from frametools import _source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from frametools.calltree import CallTree
    from frametools.events import CodeRef

FUNCTIONS = 240
LINES = 48
CHARACTERS = 256 * 1024
_SUFFIXES = (".py", ".pyw")
_CELL = "In["
"""How the name of a notebook's cell begins; its lines are not in a file."""


def sources(
    tree: CallTree, functions: list[CodeRef], index: list[int]
) -> dict[int, dict[str, Any]]:
    """Give the lines of a function by its number, and what is wrong with them.

    Half of the functions are those that took most themselves, half those in which
    most was spent. Only files of Python source are read, whatever a data file names.
    """
    found: dict[int, dict[str, Any]] = {}
    room, notes = CHARACTERS, {"": ""}
    for at in _heaviest(tree, len(functions), index):
        code = functions[at]
        if not (code.firstlineno and _is_source(code.filename)):
            continue
        lines = body(code)
        room -= sum(map(len, lines))
        if room < 0:
            break
        path = code.filename
        if path not in notes:
            notes[path] = _source.note(path, tree.start_unix_ns / 1e9)
        if lines:
            found[at] = {"lines": lines, "note": notes[path]}
    return found


def _is_source(path: str) -> bool:
    return path.endswith(_SUFFIXES) or path.startswith(_CELL)


def body(code: CodeRef) -> list[str]:
    """Give the lines of a function; the file tells no end, so indentation does."""
    first = code.firstlineno
    lines = _source.lines(code.filename, first, first + LINES - 1)
    if code.qualname == "<module>" or not lines:
        return lines
    margin = _indent(lines[0])
    head = 0
    while head < len(lines) - 1 and _is_decorator(lines[head], margin):
        head += 1
    for at, line in enumerate(lines[head + 1 :], head + 1):
        text = line.strip()
        # The bracket behind parameters stands as far left as what follows.
        if text and _indent(line) <= margin and text[0] not in ")]}#":
            return _without_blank_end(lines[:at])
    return _without_blank_end(lines)


def _is_decorator(line: str, margin: int) -> bool:
    """True for a line before the `def`: a decorator may go over several."""
    return _indent(line) > margin or line.lstrip()[:1] in ("@", ")", "#", "")


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _without_blank_end(lines: list[str]) -> list[str]:
    while lines and not lines[-1].strip():
        lines = lines[:-1]
    return lines


def _heaviest(tree: CallTree, size: int, index: list[int]) -> list[int]:
    """Number the functions by weight, the heaviest first; O(nodes).

    By wall time as it was measured: whose lines are shown is not worth exact costs.
    """
    own, most = [0] * (size + 1), [0] * (size + 1)
    # A thread's root has no function: its number goes to the entry behind the last.
    codes = [
        size if kind == 2 or not node else index[code]
        for node, (code, kind) in enumerate(zip(tree.code, tree.kind, strict=True))
    ]
    above = map(codes.__getitem__, tree.parent)
    for code, caller, wall in zip(codes, above, tree.wall, strict=True):
        own[code] += wall
        own[caller] -= wall
        most[code] = max(most[code], wall)
    chosen: dict[int, None] = {}
    half = FUNCTIONS // 2
    for weight in (most, own):
        ranked = sorted(range(size), key=weight.__getitem__, reverse=True)
        chosen |= dict.fromkeys(ranked[:half])
    return list(chosen)
