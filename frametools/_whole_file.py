"""A file that is written as a whole or not at all.

with Replacing(path) as partial:   # the name of a file beside it
with open(partial, "wb") as out:
out.write(data)            # an error: `path` is as it was
"""

from __future__ import annotations

import os
from itertools import count
from stat import S_IMODE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import TracebackType

_numbers = count()


class Replacing:
    """Takes the place of a file when its new content is complete.

    A symbolic link stays, and what it leads to is replaced; the new file has the mode
    of the old one, from before anything is in it. What is no regular file, such as a
    pipe, is written directly. OSError if the file or its folder cannot be written.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._path = os.fspath(path)
        self._target = ""
        self._partial = ""

    def __enter__(self) -> str:
        """Return the name of the file to write: an empty one is there."""
        if os.path.exists(self._path) and not os.path.isfile(self._path):
            return self._path
        self._target = os.path.realpath(self._path)
        self._partial = _make_beside(self._target)
        return self._partial

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if not self._partial:
            return
        partial, self._partial = self._partial, ""
        try:
            if kind is None:
                os.replace(partial, self._target)
                partial = ""
        finally:
            if partial:
                _remove(partial)


def _make_beside(target: str) -> str:
    """Make an empty file with a name of its own, and the mode that it is to have."""
    mode = _mode_of(target)
    while True:
        partial = f"{target}.{os.getpid()}-{next(_numbers)}.part"
        try:
            # Exclusively: what somebody has put there, a link even, is not written to.
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
            os.close(os.open(partial, flags, 0o666 if mode is None else mode))
        except FileExistsError:
            continue
        try:
            if mode is not None:  # the umask was taken from it
                os.chmod(partial, mode)
        except BaseException:
            _remove(partial)
            raise
        return partial


def _mode_of(path: str) -> int | None:
    try:
        return S_IMODE(os.stat(path).st_mode)
    except FileNotFoundError:
        return None


def _remove(path: str) -> None:
    try:
        os.unlink(path)
    except FileNotFoundError:
        return
