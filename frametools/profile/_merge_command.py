"""`frametools merge FILE... -o OUT`: many data files become one."""

from __future__ import annotations

import os
import sys

from frametools._command_line import ABOUT, Spec, take_anywhere
from frametools._paths import printable
from frametools.profile._facts import objection
from frametools.profile._refusals import RefusalError, be_lenient, guarded, say_version

TYPE_CHECKING = False
if TYPE_CHECKING:
    from frametools.calltree import CallTree


class Options:
    """What the command line asked for."""

    __slots__ = ("help", "output", "version")

    def __init__(self) -> None:
        self.output: str | None = None
        self.help = self.version = False


SPECS = {
    "-o": Spec("output", "text"),
    "--output": Spec("output", "text"),
    **ABOUT,
}


def main(args: list[str]) -> int:
    """Run the command; returns its exit status."""
    return guarded(lambda: _run(args))


def _run(args: list[str]) -> int:
    options = Options()
    files = take_anywhere(args, SPECS, options)
    if options.version:
        return say_version()
    if options.help:
        from frametools.profile._help import MERGE

        sys.stdout.write(MERGE)
        return 0
    target = _target(options, files)
    tree = merged(files)
    _save(tree, target)
    _say(tree, len(files), target)
    return 0


def _target(options: Options, files: list[str]) -> str:
    """Where the sum goes, if that and the files can be; RefusalError."""
    if not files:
        raise RefusalError("no data file; try frametools merge --help")
    if not options.output:
        raise RefusalError("-o OUT is missing: where the merged data go")
    problem = objection(options.output)
    if problem:
        raise RefusalError(f"{problem}; -o names another")
    seen: dict[tuple[int, int], str] = {}
    if os.path.exists(options.output):
        seen[_identity(options.output)] = ""
    for path in files:
        twin = seen.setdefault(_identity(path), path)
        if not twin:
            raise RefusalError(f"{path} is the output too; -o names another")
        if twin is not path:
            raise RefusalError(f"{path} is given twice, and would count twice")
    return options.output


def _identity(path: str) -> tuple[int, int]:
    found = os.stat(path)
    return found.st_dev, found.st_ino


def merged(files: list[str]) -> CallTree:
    """Add data files up, one at a time; ImageError, OSError name the one to blame."""
    from frametools.calltree import CallTree
    from frametools.calltree.merging import Merging

    merging = Merging(of_files=True)
    for path in files:
        merging.add(CallTree.load(path))
    return merging.finish()


def _save(tree: CallTree, target: str) -> None:
    try:
        tree.save(target)
    except OSError as error:
        problem = error.strerror or error
        raise RefusalError(f"cannot write {target}: {problem}") from None


def _say(tree: CallTree, number: int, target: str) -> None:
    from frametools.profile._units import plural, size
    from frametools.profile.reports.head import quoted

    be_lenient(sys.stdout)
    what = f"{plural(number, 'file')} merged, {plural(len(tree), 'node')}"
    data = f"{what}, {size(os.path.getsize(target))}"
    command = f"frametools report {quoted(printable(target))}"
    sys.stdout.write(f"{data}; to see it: {command}\n")
    sys.stdout.flush()
