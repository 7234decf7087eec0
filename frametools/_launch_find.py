"""What program does a command line mean? Nothing of it is run here."""

from __future__ import annotations

import os
import sys

from frametools._launch_main import set_first_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class LaunchError(Exception):
    """The program cannot be started; the message is one line."""


class Program:
    """A program named on a command line.

    `kind` is "script", "module", "command" (-c), "container" (a directory or zip file
    with `__main__`) or "stdin"; `argv` is the program's first `sys.argv`; `target` is
    the absolute path, module name or filename of its code; `source` its text.
    """

    __slots__ = ("argv", "kind", "source", "target")

    def __init__(
        self, kind: str, target: str, argv: list[str], source: bytes | str = b""
    ) -> None:
        self.kind = kind
        self.target = target
        self.argv = argv
        self.source = source

    @property
    def name(self) -> str:
        """What the user called it, for a report: `app.py`, `-m module`, `-c`, `-`."""
        return f"-m {self.target}" if self.kind == "module" else self.argv[0]

    @property
    def is_bytecode(self) -> bool:
        """Tell a .pyc file by its name or first two bytes: `maybe_pyc_file`."""
        magic = sys.modules["_frozen_importlib_external"].MAGIC_NUMBER
        return self.kind == "script" and (
            self.target.endswith(".pyc") or self.source[:2] == magic[:2]
        )

    def __repr__(self) -> str:
        return f"Program({self.kind!r}, {self.target!r}, {self.argv!r})"


def find(args: list[str]) -> Program:
    """Find the program that a command line means; read a script, run nothing.

    `args` is what would follow `python`, after one `--` if there is one. Raises
    LaunchError for a missing or unreadable script, module or `__main__`.
    """
    if args[:1] == ["--"]:
        args = args[1:]
    if not args:
        raise LaunchError("no program to run")
    first = args[0]
    if first[:2] in ("-c", "-m"):
        return _find_by_option(first[:2], first[2:], args[1:])
    if first == "-":
        return Program("stdin", "<stdin>", list(args), _read(0, "standard input"))
    if first.startswith("-"):
        raise LaunchError(f"unknown option {first}")
    return _find_file(first, list(args))


def _find_by_option(option: str, value: str, rest: list[str]) -> Program:
    if not value:
        if not rest:
            raise LaunchError(f"argument expected for the {option} option")
        value, rest = rest[0], rest[1:]
    if option == "-c":
        return Program("command", "<string>", [option, *rest], value + "\n")
    program = Program("module", value, [option, *rest])
    _look_for_module(program)
    return program


def _find_file(name: str, argv: list[str]) -> Program:
    path = _absolute(name)
    try:
        os.stat(path)
    except (OSError, ValueError) as error:
        raise LaunchError(_cannot_open(name, error)) from None
    importer = _importer(path)
    if importer is None:
        return Program("script", path, argv, _read(path, name))
    if importer.find_spec("__main__") is None:
        raise LaunchError(f"can't find '__main__' module in {name!r}")
    return Program("container", path, argv)


def _absolute(name: str) -> str:
    """Join the current directory and `name`, unnormalised: `_Py_abspath`."""
    if os.name == "nt":
        return os.path.abspath(name)
    try:
        return os.path.join(os.getcwd(), name)
    except OSError:
        return name


def _read(file: str | int, name: str) -> bytes:
    try:
        with open(file, "rb", closefd=isinstance(file, str)) as source:
            return source.read()
    except OSError as error:
        raise LaunchError(_cannot_open(name, error)) from None


def _cannot_open(name: str, error: Exception) -> str:
    reason = getattr(error, "strerror", None) or str(error)
    return f"can't open file {name!r}: {reason}"


def _importer(path: str) -> Any | None:
    """Return what imports from a directory or zip: `PyImport_GetImporter`."""
    if path not in sys.path_importer_cache:
        sys.path_importer_cache[path] = None
        for hook in sys.path_hooks:
            try:
                sys.path_importer_cache[path] = hook(path)
                break
            except ImportError:
                continue
    return sys.path_importer_cache[path]


def _look_for_module(program: Program) -> None:
    """Raise LaunchError if there is no such top-level module.

    Deeper names need their package imported first: they are left to runpy, whose
    complaint `_launch.run` turns into the same error.
    """
    top = program.target.partition(".")[0]
    if not top or top in sys.modules:
        return
    import importlib.util

    before = sys.path[:]
    set_first_path(program)
    try:
        is_missing = importlib.util.find_spec(top) is None
    except Exception:  # runpy will say it, as in plain Python
        is_missing = False
    finally:
        sys.path[:] = before
    if is_missing:
        raise LaunchError(f"No module named {program.target}")
