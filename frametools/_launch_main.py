"""The state that a program finds: `sys.path[0]` and an empty `__main__`."""

from __future__ import annotations

import builtins
import os
import sys

from frametools._python import HAS_CACHED, MAIN_HAS_ANNOTATIONS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType

    from frametools._launch_find import Program

FILE_NAMES = ("__file__", "__cached__") if HAS_CACHED else ("__file__",)

# The `__main__` that we were started as. `_PyRun_SimpleFileObject` of 3.11 uses its
# dict after the code has ended, without owning it: freed earlier, that is a crash.
_our_main: list[ModuleType] = []

FILE_KINDS = ("script", "stdin")


def set_first_path(program: Program) -> None:
    """Put the program's directory where the interpreter had put ours.

    With -P or -I it put none; then only a directory or zip that is itself the program
    gets a place.
    """
    directory = _directory_of(program)
    if not sys.flags.safe_path:
        del sys.path[:1]
    elif program.kind != "container":
        return
    if directory is not None:
        sys.path.insert(0, directory)


def _directory_of(program: Program) -> str | None:
    """Return the program's `sys.path[0]`: `_PyPathConfig_ComputeSysPath0`."""
    if program.kind == "container":
        return program.target
    if program.kind == "module":
        try:
            return os.getcwd()
        except OSError:
            return None
    if program.kind != "script":
        return ""
    try:
        return os.path.dirname(os.path.realpath(program.target, strict=True))
    except OSError:  # such as /dev/fd/63, which names a pipe
        return os.path.dirname(program.target)


def set_main(program: Program) -> None:
    """Make `__main__` anew, as `add_main_module` and `_PyRun_SimpleFile` do."""
    main = type(sys)("__main__")
    names = main.__dict__
    names["__loader__"] = sys.modules["_frozen_importlib"].BuiltinImporter
    if MAIN_HAS_ANNOTATIONS:
        names["__annotations__"] = {}
    names["__builtins__"] = builtins
    if program.kind in FILE_KINDS:
        names["__file__"] = program.target
        if "__cached__" in FILE_NAMES:
            names["__cached__"] = None
    if program.kind == "script":
        importers = sys.modules["_frozen_importlib_external"]
        loader = "SourcelessFileLoader" if program.is_bytecode else "SourceFileLoader"
        names["__loader__"] = getattr(importers, loader)("__main__", program.target)
    _our_main.append(sys.modules["__main__"])
    sys.modules["__main__"] = main


def forget_file(program: Program) -> None:
    """Remove `__file__` at the end, as `_PyRun_SimpleFile` does."""
    if program.kind in FILE_KINDS:
        for name in FILE_NAMES:
            sys.modules["__main__"].__dict__.pop(name, None)


def flush(program: Program) -> None:
    """Flush as `flush_io` does when the code of a file has ended."""
    if program.kind in FILE_KINDS:
        _flush("stderr")
        _flush("stdout")


def _flush(name: str) -> None:
    try:
        getattr(sys, name).flush()
    except BaseException:
        return  # whatever it is: in C too it is cleared
