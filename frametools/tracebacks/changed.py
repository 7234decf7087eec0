"""Whether the source that can be read is still the one that runs.

A file that was written after the process began may have been imported before or after
that: so its code is compiled and compared. Older files cost one `stat`. Of what cannot
be compared nothing is said: a long source, or a template, which is no Python.
"""

from __future__ import annotations

import os
import time
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import CodeType

_LARGEST = 1_000_000
"""Characters of a source that is compiled: about 1 s."""


@cache
def began() -> float:
    """Give the Unix time (s) at which this process began; from /proc on Linux."""
    try:
        with open("/proc/self/stat", "rb") as file:
            ticks = int(file.read().rpartition(b")")[2].split()[19])
        age = time.clock_gettime(time.CLOCK_BOOTTIME) - ticks / os.sysconf("SC_CLK_TCK")
        return time.time() - age
    except (OSError, ValueError, IndexError, AttributeError):
        return time.time() - time.process_time()


class Compiled:
    """The code of a source file as it is now."""

    def __init__(self, module: CodeType) -> None:
        self._codes: dict[tuple[int, str], list[CodeType]] = {}
        work = [module]
        for code in work:
            key = code.co_firstlineno, code.co_qualname
            self._codes.setdefault(key, []).append(code)
            work += [each for each in code.co_consts if type(each) is type(code)]

    def has(self, code: CodeType) -> bool:
        """Tell if this code is in it, at this line."""
        found = self._codes.get((code.co_firstlineno, code.co_qualname), ())
        return any(code == each or _equal(code, each) for each in found)


_known: dict[str, tuple[tuple[int, int], Compiled | None]] = {}
"""By name: when a young file was changed, how long it is, and its code."""
_MOST = 16


def compiled(filename: str, lines: Sequence[str]) -> Compiled | None:
    """Compile a file, if it or what is known of it changed after the process began.

    None if it is older, or cannot be compared. Compiling takes 10 us per line, once.
    """
    try:
        status = os.stat(filename)
    except (OSError, ValueError):
        return None
    if max(status.st_mtime, status.st_ctime) <= began():
        return None
    stamp = (status.st_mtime_ns, status.st_size)
    known = _known.get(filename)
    if known is None or known[0] != stamp:
        while len(_known) >= _MOST:
            _known.pop(next(iter(_known)), None)
        module = _compile(filename, lines)
        known = _known[filename] = stamp, module and Compiled(module)
    return known[1]


def _compile(filename: str, lines: Sequence[str]) -> CodeType | None:
    """Compile lines without running them; None if that fails."""
    import warnings

    source = "".join(lines)
    if len(source) > _LARGEST:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return compile(source, filename, "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _equal(one: CodeType, other: CodeType) -> bool:
    """Compare what runs and where it stands; not what is inside of it."""
    return (
        one.co_firstlineno == other.co_firstlineno
        and one.co_qualname == other.co_qualname
        and one.co_code == other.co_code
        and one.co_linetable == other.co_linetable
        and one.co_names == other.co_names
        and one.co_varnames == other.co_varnames
        and _constants(one) == _constants(other)
    )


def _constants(code: CodeType) -> list[object]:
    return [repr(each) for each in code.co_consts if type(each) is not type(code)]
