"""A program run both ways, a process each: `Run`s with what they recorded."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

from frametools._image import ImageError
from frametools.recording import Recording

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Options = Mapping[str, Sequence[str]]


class Run(NamedTuple):
    """How one of the two went."""

    recording: Recording | None
    """None if the program ended in a way that left none: `os._exit`, a signal."""
    status: int
    output: bytes
    errors: bytes


def run(side: str, words: Sequence[str], options: Options, stdin: bytes = b"") -> Run:
    """Run a program in the "vm" or on the "host", in a process of its own.

    `words` are what follows `python`: `app.py args`, `-m module`, `-c code`. Hashes of
    strings are the same in all runs, unless PYTHONHASHSEED says otherwise.
    """
    with TemporaryDirectory(prefix="frametools-") as folder:
        return _run(side, words, options, stdin, Path(folder) / f"{side}.frames")


def _run(
    side: str, words: Sequence[str], options: Options, stdin: bytes, file: Path
) -> Run:
    flags = subprocess._args_from_interpreter_flags()  # type: ignore[attr-defined]
    module = "frametools.agreement.side"
    lists = (options.get(name, ()) for name in ("events", "include", "exclude"))
    given = [word for each in lists for word in (str(len(each)), *each)]
    done = subprocess.run(
        [sys.executable, *flags, "-m", module, side, file, *given, *words],
        input=stdin,
        capture_output=True,
        env={"PYTHONHASHSEED": "0", **os.environ},
        check=False,
    )
    try:
        recording = Recording.load(file)
    except (OSError, ImageError):
        recording = None
    return Run(recording, done.returncode, done.stdout, done.stderr)
