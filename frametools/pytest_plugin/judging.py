"""Which leaks count, and what of them is shown."""

from __future__ import annotations

from dataclasses import replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, NamedTuple

from frametools.pytest_plugin.keeping import is_file_of_pytest
from frametools.retention.leaks import Kind, Leak

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import FrameType

    from frametools.pytest_plugin.markers import Terms

KEPT = "kept"
"""The verdict that counts. Others: small, cleared, allowed, once."""


class Entry(NamedTuple):
    """A leak of a test, or of what ended with it, as it travels in a report."""

    node: str
    """Node id of the test, module, ...: to whom the leak belongs."""
    verdict: str
    leak: Leak
    """Without the frames of pytest."""
    folded: int
    """How many frames of pytest there were."""

    def to_dict(self) -> dict[str, Any]:
        """Give the entry as JSON can hold it."""
        return {**self._asdict(), "leak": self.leak.to_dict()}

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Entry:
        """Take what `to_dict` gave."""
        return cls(**{**data, "leak": Leak.from_dict(data["leak"])})


class Hidden:
    """The functions that ask not to be shown, by file and name."""

    def __init__(self) -> None:
        self._functions: set[tuple[str, str]] = set()

    def note(self, frame: FrameType) -> None:
        """Look if a frame's function has a variable `__tracebackhide__`."""
        code = frame.f_code
        if "__tracebackhide__" in code.co_varnames:
            self._functions.add((code.co_filename, code.co_qualname))

    def hides(self, file: str, function: str) -> bool:
        """Tell if frames of a function are folded away."""
        return is_file_of_pytest(file) or (file, function) in self._functions


def judge(
    node: str, found: Iterable[Leak], terms: Terms, hidden: Hidden
) -> list[Entry]:
    """Return an entry for each leak that has a frame which is not pytest's."""
    entries = []
    for leak in found:
        shown = tuple(
            frame
            for frame in leak.frames
            if not hidden.hides(frame.file, frame.function)
        )
        if shown:
            folded = len(leak.frames) - len(shown)
            leak = replace(leak, frames=shown)
            entries.append(Entry(node, _verdict(leak, terms), leak, folded))
    return entries


def _verdict(leak: Leak, terms: Terms) -> str:
    if leak.kind is Kind.CLEARED:
        return "cleared"
    if leak.size < terms.minimum:
        return "small"
    return "allowed" if _is_allowed(leak, terms) else KEPT


def _is_allowed(leak: Leak, terms: Terms) -> bool:
    """Tell if a function is allowed to be kept, or all that hold it are to hold."""
    if any(_matches(frame.function, terms.allow) for frame in leak.frames):
        return True
    globs = terms.allow + terms.ignore
    return bool(leak.holders) and all(
        _matches(holder.path, globs) for holder in leak.holders
    )


def _matches(name: str, globs: tuple[str, ...]) -> bool:
    return any(fnmatchcase(name, glob) for glob in globs)


def are_alike(first: Leak, second: Leak) -> bool:
    """Tell if two leaks are the same function's, held from the same place."""
    return _looks(first) == _looks(second)


def _looks(leak: Leak) -> object:
    frame = leak.frame
    holders = sorted(holder.path.split("[")[0] for holder in leak.holders)
    return leak.head, frame.function, frame.file, holders
