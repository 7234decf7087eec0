"""The command: parse, find the program, and run it in a VM to the process's end."""

from __future__ import annotations

import sys

from frametools import _launch

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from frametools.vm.policy import Rule
    from frametools.vm.vm import VM

    Around = Callable[[VM, Callable[[], Any]], Any]

HELP = """\
usage: {program} [options] app.py [args]
       {program} [options] -m module | -c code | directory | app.zip | - [args]

Run a Python program in the reference VM: CPython's frames and instructions, in
Python. Output, exit status and tracebacks are those of plain Python; it takes
some tens of times as long.

  --native GLOB        modules that the host runs ('json', 'docutils.*')
  --interpret GLOB     modules that the VM runs; by default all that is Python.
                       Both can be given many times: the last that matches decides
  --check              run it on this interpreter too, in another process, and compare
                       what the frames did: first of the options, see --check --help
  --version            show the version
  -h, --help           show this
"""
_RULES = {"--native": False, "--interpret": True}


class OptionError(Exception):
    """A wrong option; the message is one line for the user."""


def main(args: list[str], name: str) -> int | None:
    """Run the command; returns its exit status, or raises what the program raised."""
    if args[:1] in (["-h"], ["--help"]):
        sys.stdout.write(HELP.format(program=name))
        return 0
    if args[:1] == ["--check"]:
        return _check(args[1:], name)
    if args[:1] == ["--version"]:
        from frametools import __version__

        sys.stdout.write(f"frametools {__version__}\n")
        return 0
    try:
        rules, rest = parse(args)
        if not rest:
            raise OptionError(f"no program to run; {name} --help tells more")
        program = _launch.find(rest)
        go(program, rules)
    except (OptionError, _launch.LaunchError) as error:
        return _refuse(str(error))
    return None


def _check(args: list[str], name: str) -> int:
    """Hand over to what knows both the VM and the monitor, which the VM does not."""
    import importlib

    command: Any = importlib.import_module("frametools.agreement.command")
    status: int = command.main(args, name)
    return status


def parse(args: list[str]) -> tuple[list[Rule], list[str]]:
    """Take the options off a command line; raises OptionError.

    They end at the first word that is none of ours: what follows is the program's.
    """
    rules: list[Rule] = []
    while args:
        name, equals, value = args[0].partition("=")
        if name not in _RULES:
            break
        args = args[1:]
        if not equals:
            if not args:
                raise OptionError(f"option {name} needs a value")
            value, args = args[0], args[1:]
        rules.append((value, _RULES[name]))
    if args[:1] and args[0][:2] == "--" and args[0] != "--":
        raise OptionError(f"no such option: {args[0]}")
    return rules, args


def _refuse(message: str) -> int:
    line = message.replace("\n", " ")
    if sys.stderr is not None:
        sys.stderr.write(f"frametools: {line}\n")
    return 2


_OWN_COPIES = "dis", "opcode", "_opcode_metadata"
"""Modules that a program is to import anew: of functions they read the code, and run by
the host, as the VM imported them, they would find what stands in for it."""


def _only(_vm: VM, run: Callable[[], Any]) -> Any:
    return run()


def go(program: _launch.Program, rules: list[Rule], around: Around = _only) -> None:
    """Run a program in a VM; `around(vm, run)` calls `run()`, and has its code end."""
    from types import CodeType

    from frametools.vm import importing, running
    from frametools.vm.policy import Policy
    from frametools.vm.vm import VM

    for name in _OWN_COPIES:
        sys.modules.pop(name, None)
    vm = VM(Policy(rules))
    importing.stay_active(vm, whole=True)

    def call(what: Any, *args: Any) -> Any:
        if isinstance(what, CodeType):
            if vm.policy.runs_code(what, args[0]):
                return around(vm, lambda: running.execute(vm, what, *args))
            return exec(what, *args)
        if vm.policy.runs(what):
            what = running.adopted(vm, what)
        return around(vm, lambda: what(*args))

    _launch.run(program, before=_outlive_main, call=call)


def _outlive_main() -> None:
    """Let the VM's modules be there until `__main__` and what it imports are cleared.

    The interpreter clears modules in the reverse order of `sys.modules`, and
    finalizers of the program run then: in the VM.
    """
    sys.modules["__main__"] = sys.modules.pop("__main__")
