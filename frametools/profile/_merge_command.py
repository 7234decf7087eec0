"""`frametools merge FILE... -o OUT`: many data files, or folders of them, in one."""

from __future__ import annotations

import os
import sys

from frametools._command_line import ABOUT, Spec, take_anywhere
from frametools._paths import printable
from frametools.profile._facts import is_data_file, objection
from frametools.profile._refusals import (
    RefusalError,
    be_lenient,
    cannot_write,
    guarded,
    say_version,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from frametools.calltree import CallTree


class Options:
    """What the command line asked for."""

    __slots__ = ("help", "output", "version")

    def __init__(self) -> None:
        self.output: str | None = None
        self.help = self.version = False


NAMED = 5
"""Files that are left out, or count twice, of which the name is said."""
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
    files, left_out = expanded(files, options.output)
    target = _target(options, files)
    sums: list[str] = []
    tree = merged(files, sums)
    _save(tree, target)
    _say(tree, len(files), target)
    if left_out:
        sys.stdout.write(f"left out, as no data files: {_names(left_out)}\n")
    if 0 < len(sums) < len(files):
        sys.stdout.write(f"counted, though sums of others: {_names(sums)}\n")
    sys.stdout.flush()
    return 0


def expanded(words: list[str], output: str | None) -> tuple[list[str], list[str]]:
    """Put in the place of each folder the data files in it, but for the output.

    They are known by how they begin. Gives the other files of the folders, too.
    RefusalError for a folder without any, OSError.
    """
    files: list[str] = []
    left_out: list[str] = []
    for word in words:
        if not os.path.isdir(word):
            files.append(word)
            continue
        inside = [path for path in _inside(word) if not _is_same(path, output)]
        found = list(filter(is_data_file, inside))
        if not found:
            raise RefusalError(f"no data file in {word}; folders in it do not count")
        files += found
        left_out += sorted(set(inside).difference(found))
    return files, left_out


def _inside(folder: str) -> list[str]:
    paths = (os.path.join(folder, name) for name in sorted(os.listdir(folder)))
    return list(filter(os.path.isfile, paths))


def _is_same(path: str, output: str | None) -> bool:
    is_there = bool(output) and os.path.exists(str(output))
    return is_there and os.path.samefile(path, str(output))


def _names(paths: list[str]) -> str:
    names = [printable(path) for path in paths[:NAMED]]
    rest = len(paths) - len(names)
    return ", ".join(names) + (f" and {rest:,} more" if rest else "")


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


def merged(files: list[str], sums: list[str] | None = None) -> CallTree:
    """Add data files up, one at a time; ImageError, OSError name the one to blame.

    `sums` is told which of them are sums themselves.
    """
    from frametools.calltree import CallTree
    from frametools.calltree.merging import Merging
    from frametools.profile.reports.head import merged as of_merge

    merging = Merging(of_files=True)
    for path in files:
        tree = CallTree.load(path)
        merging.add(tree)
        if sums is not None and of_merge(tree, "files") > 1:
            sums.append(path)
    return merging.finish()


def _save(tree: CallTree, target: str) -> None:
    try:
        tree.save(target)
    except OSError as error:
        raise cannot_write(target, error) from None


def _say(tree: CallTree, number: int, target: str) -> None:
    from frametools.profile._units import plural, size
    from frametools.profile.reports.head import quoted

    be_lenient(sys.stdout)
    what = f"{plural(number, 'file')} merged, {plural(len(tree), 'node')}"
    data = f"{what}, {size(os.path.getsize(target))}"
    command = f"frametools report {quoted(printable(target))}"
    sys.stdout.write(f"{data}; to see it: {command}\n")
