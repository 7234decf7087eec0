"""`frametools report FILE`: a data file shown again, in any form."""

from __future__ import annotations

import os
import sys

from frametools._output import Output
from frametools._whole_file import Replacing
from frametools.profile._facts import current_directory, page_objection, text_objection
from frametools.profile._options import Options, parse_report
from frametools.profile._refusals import (
    RefusalError,
    be_lenient,
    cannot_write,
    guarded,
    let_go_of_stdout,
    say_version,
)
from frametools.profile._report import ReportOptions, find, names, rooted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from frametools.calltree import CallTree
    from frametools.profile._report import Report


def main(args: list[str]) -> int:
    """Run the command; returns its exit status."""
    return guarded(lambda: _run(args))


def _run(args: list[str]) -> int:
    options, files = parse_report(args)
    if options.help or options.version:
        return _answer(options)
    show = _watch if options.watch else _show
    return show(find(options.format), _one(files), options)


def _answer(options: Options) -> int:
    if options.version:
        return say_version()
    from frametools.profile._help import REPORT

    sys.stdout.write(REPORT.format(forms=", ".join(names())))
    return 0


def _one(files: list[str]) -> str:
    if len(files) == 1:
        return files[0]
    problem = "no data file" if not files else f"one data file, not {len(files)}"
    raise RefusalError(f"{problem}; try frametools report --help")


def _watch(_: Report, path: str, options: Options) -> int:
    from frametools.profile._live import NotRunningError, watch

    if not sys.stdout.isatty():
        raise RefusalError("--watch needs a terminal")
    try:
        watch(path, _for_stdout(path, options))
    except NotRunningError as problem:
        raise RefusalError(str(problem)) from None
    return 0


def _show(form: Report, path: str, options: Options) -> int:
    from frametools.calltree import CallTree

    tree = CallTree.load(path)
    if not options.alone:
        from frametools.profile._processes import with_children

        tree = with_children(tree, path)
    target = "standard output" if options.output is None else options.output or "''"
    try:
        if options.output is None:
            _write_stdout(form, tree, path, options)
        else:
            _write_file(form, tree, path, options)
    except BrokenPipeError:
        raise
    except OSError as error:
        if options.output is None:
            let_go_of_stdout()
        raise cannot_write(target, error) from None
    return 0


def _write_stdout(form: Report, tree: CallTree, path: str, options: Options) -> None:
    if form.is_binary and sys.stdout.isatty():
        raise RefusalError(f"{form.name} is binary: name a file with -o")
    chosen = _for_stdout(path, options)
    form.write(rooted(form, tree, chosen), sys.stdout, chosen)
    sys.stdout.flush()


def _write_file(form: Report, tree: CallTree, path: str, options: Options) -> None:
    """Write to a temporary neighbour first: a failure leaves the old file whole."""
    target = str(options.output)
    if os.path.exists(target) and os.path.samefile(target, path):
        raise RefusalError(f"{target} is the data file itself; -o names another")
    problem = text_objection(target)
    if form.name == "html":  # `--html app.py` lacks its own file name
        page = os.path.join(current_directory(), target)
        problem = problem or page_objection(page, path)
    if problem:
        raise RefusalError(problem)
    chosen = ReportOptions.of(options, path)
    with Replacing(target) as partial, open(partial, "w", encoding="utf-8") as out:
        form.write(rooted(form, tree, chosen), out, chosen)


def _for_stdout(path: str, options: Options) -> ReportOptions:
    be_lenient(sys.stdout)
    chosen = ReportOptions.of(options, path)
    chosen.fit(Output(1))
    return chosen
