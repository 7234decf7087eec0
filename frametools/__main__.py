"""The `frametools` command: one sub-command per door, nothing of its own."""

from __future__ import annotations

import sys

USAGE = """\
usage: frametools COMMAND ...

  vm [options] app.py [args]        run a program in the reference VM
  profile [options] app.py [args]   run a program, see where its time goes
  retention [options] app.py [args] run a program, see which frames it keeps alive
  report FILE [options]             show a data file again, in any form
  merge FILE... -o OUT              add data files up: runs, processes, machines
  diff OLD NEW                      compare data files: what got slower, what faster

`frametools COMMAND --help` tells the rest.
"""


def main(args: list[str] | None = None) -> int | None:
    """Run a sub-command; returns its exit status."""
    args = sys.argv[1:] if args is None else args
    command = args[0] if args else ""
    if command == "profile":
        from frametools.profile import _runner

        return _runner.main(args[1:], "frametools profile")
    if command == "vm":
        from frametools.vm import _runner as vm_runner

        return vm_runner.main(args[1:], "frametools vm")
    if command == "retention":
        from frametools.retention.command import runner as retention_runner

        return retention_runner.main(args[1:], "frametools retention")
    if command in ("report", "merge", "diff"):
        return _on_data(command, args[1:])
    return _answer(command)


def _on_data(command: str, args: list[str]) -> int:
    if command == "report":
        from frametools.profile import _report_command

        return _report_command.main(args)
    if command == "merge":
        from frametools.profile import _merge_command

        return _merge_command.main(args)
    from frametools.profile.diff import command as diff_command

    return diff_command.main(args)


def _answer(command: str) -> int:
    if command in ("-h", "--help"):
        sys.stdout.write(USAGE)
        return 0
    if command == "--version":
        from frametools import __version__

        sys.stdout.write(f"frametools {__version__}\n")
        return 0
    problem = f"no such command: {command}" if command else "no command"
    sys.stderr.write(f"frametools: {problem}; try frametools --help\n")
    return 2


if __name__ == "__main__":
    sys.exit(main())
