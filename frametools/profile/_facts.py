"""The facts of a run that no event tells: they go into the data file as INFO."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from frametools.profile._runner import Run


INFO, EXCEPTIONS = 2, 3
"""Kinds of META records; importing frametools._image for them would cost 5 ms."""
_MAGIC = b"\x89FRAMES\n"


def current_directory() -> str:
    """The current directory, empty where it is gone."""
    try:
        return os.getcwd()
    except OSError:
        return ""


def at_start(
    words: list[str],
    directory: str,
    include: tuple[str, ...] = (),
    exclude: tuple[str, ...] = (),
) -> dict[str, object]:
    """What is known before the program runs: it stays in the file of a killed one."""
    from frametools import __version__

    implementation = sys.implementation.name
    name = "CPython" if implementation == "cpython" else implementation
    filters = {"include": include, "exclude": exclude}
    return {
        "frametools": __version__,
        "command": words,
        "python": f"{name} {sys.version.partition(' ')[0]}",
        "platform": sys.platform,
        "cwd": directory,
        **{name: list(globs) for name, globs in filters.items() if globs},
    }


def is_data_file(path: str) -> bool:
    """True for a file that begins as a data file of ours does; OSError."""
    with open(path, "rb") as file:
        return file.read(len(_MAGIC)) == _MAGIC


def objection(path: str) -> str:
    """Why a data file must not be written over what lies there; empty if it may."""
    try:
        found = os.stat(path)
    except OSError:
        return ""
    if found.st_mode & 0o170000 != 0o100000:
        return f"{path} is not a regular file"
    if found.st_size and not is_data_file(path):
        return f"{path} is not a frametools data file; it is left alone"
    return ""


def text_objection(path: str) -> str:
    """Why no report must be written over what lies there; empty if it may."""
    if os.path.isfile(path) and is_data_file(path):
        return f"{path} is a frametools data file; it is left alone"
    return ""


def page_objection(path: str, data: str) -> str:
    """Why no page must be written there: `--html app.py` lacks its own file name."""
    folder = os.path.dirname(path)
    if not os.path.isdir(folder):
        return f"{folder} is not a directory"
    if os.path.isdir(path):
        return f"{path} is a directory"
    if os.path.abspath(path) == os.path.abspath(data):
        return f"{path} is the data file too"
    if not os.path.isfile(path) or not os.path.getsize(path):
        return ""
    with open(path, "rb") as file:
        is_page = file.read(15).lower() == b"<!doctype html>"
    return "" if is_page else f"{path} is not an HTML page; it is left alone"


def at_end(run: Run) -> dict[str, object]:
    """What is known when all is over."""
    facts: dict[str, object] = {
        "exit_status": run.status,
        "peak_rss": peak_rss(),
    }
    children = _children(run.builder.path)
    if children and not run.options.subprocesses:
        facts["children"] = children
        root, extension = os.path.splitext(str(run.builder.path))
        facts["children_at"] = f"{os.path.basename(root)}.*{extension}"
    if "_interpreters" in sys.modules or "_xxsubinterpreters" in sys.modules:
        facts["subinterpreters"] = True
    return facts


def _children(path: str | None) -> list[str]:
    """Data files of forked children, which stand beside their parent's."""
    if path is None:
        return []
    folder, name = os.path.split(path)
    root, extension = os.path.splitext(name)
    found = []
    for other in os.listdir(folder or "."):
        middle = other[len(root) + 1 : len(other) - len(extension)]
        if other == f"{root}.{middle}{extension}" and middle.isdecimal():
            found.append(other)
    return sorted(found)


def peak_rss() -> int | None:
    """The largest resident size (bytes) this process had, None if unknown.

    ru_maxrss comes last: a process inherits it from the one that started it.
    psutil is for systems with neither; importing it costs 25 ms, as much as the
    whole of cProfile.
    """
    try:
        with open("/proc/self/status", "rb") as status:
            for line in status:
                if line.startswith(b"VmHWM:"):
                    return int(line.split()[1]) * 1024
    except OSError:
        pass
    try:
        from resource import RUSAGE_SELF, getrusage
    except ImportError:
        return _peak_rss_from_psutil()
    unit = 1 if sys.platform == "darwin" else 1024
    return getrusage(RUSAGE_SELF).ru_maxrss * unit


def _peak_rss_from_psutil() -> int | None:
    try:
        from psutil import Process
    except ImportError:
        return None
    memory = Process().memory_info()
    return int(getattr(memory, "peak_wset", memory.rss))
