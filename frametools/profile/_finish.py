"""The end of a run: the facts of it, the data file, the report."""

from __future__ import annotations

import os

from frametools._output import flush_standard_streams
from frametools.monitor import _twin
from frametools.profile._facts import EXCEPTIONS, INFO, at_end
from frametools.profile._json import encode

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from frametools._world import World
    from frametools.calltree import CallTree
    from frametools.monitor._core import TreeBuilder
    from frametools.monitor.exceptions import ExceptionLog
    from frametools.profile._options import Options
    from frametools.profile._report import ReportOptions
    from frametools.profile._runner import Run


def finish(run: Run) -> None:
    """Finish the data, and report; a forked child only finishes its data."""
    if os.getpid() != run.pid:
        kept = alive_at_end(run.options, run.world)
        if kept:
            run.builder.note(INFO, encode(kept).encode())
        run.builder.finish()
        return
    flush_standard_streams()
    facts = at_end(run) | alive_at_end(run.options, run.world, run.say)
    run.info |= facts
    run.builder.note(INFO, encode(facts).encode())
    if run.exceptions is not None:
        note_exceptions(run.builder, run.options, run.exceptions)
    path = _finish_file(run)
    if run.options.no_report and run.options.html is None:
        return
    tree = _tree(run, path)
    if run.options.subprocesses and path is not None:
        from frametools.profile._processes import with_children

        tree = with_children(tree, path)
    if not run.options.no_report:
        _report(run, tree, path)
    if run.options.html is not None:
        _write_page(run, tree, path)


class _Code:
    """What a filter asks of a code object, for one that is known by name only."""

    def __init__(self, row: dict[str, Any]) -> None:
        self.co_filename: str = row["filename"]
        self.co_qualname: str = row["function"]


def alive_at_end(
    options: Options, world: World, say: Callable[[str], None] | None = None
) -> dict[str, object]:
    """What --retention finds alive, of functions that --include and --exclude leave.

    Nothing where it was not asked for, or failed: the rest is worth its file.
    """
    if not options.retention:
        return {}
    try:
        from frametools.profile._kept import kept_at_end

        return {"retention": kept_at_end(world.starters, _filter(options))}
    except Exception as error:
        if say is not None:
            say(f"--retention failed: {type(error).__name__}: {error}")
        return {}


def _filter(options: Options) -> Callable[[dict[str, Any]], bool]:
    """Tell by function and file what --include and --exclude leave."""
    from frametools._filters import wanted

    wants: Any = wanted(options.include, options.exclude)
    return lambda row: wants is None or wants(_Code(row))


def note_exceptions(builder: TreeBuilder, options: Options, log: ExceptionLog) -> None:
    """Note what was raised in functions that --include and --exclude leave."""
    rows = list(filter(_filter(options), log.summary()))
    builder.note(EXCEPTIONS, encode(rows).encode())


def _finish_file(run: Run) -> str | None:
    """Write the finished file; on a full disk it goes to the temporary directory."""
    try:
        return run.builder.finish()
    except OSError as error:
        problem = f"cannot finish {run.builder.path}: {error.strerror or error}"
    if not run.status:
        _twin.exit_status(2)
    path = os.path.join(run.temporary, os.path.basename(str(run.builder.path)))
    try:
        with open(path, "xb") as file:
            file.write(run.builder.image())
    except OSError:
        run.say(f"{problem}; what is in it can be read")
        return None
    run.say(f"{problem}; the data are in {path}")
    return path


def _tree(run: Run, path: str | None) -> CallTree:
    from frametools.calltree import CallTree

    if path is None:
        tree = CallTree.from_image(run.builder.image())
    else:
        tree = CallTree.load(path)
    tree.info = run.info  # as it stands in the file; but `json` would be for this only
    return tree


def _report(run: Run, tree: CallTree, path: str | None) -> None:
    options = _report_options(run, path)
    try:
        text = _summary(tree, options)
    except Exception:
        if not options.is_styled:
            raise
        options.is_styled = False  # a `rich` that the program has made its own
        text = _summary(tree, options)
    run.output.write(text if path is None else text + _where(path, run))


def _summary(tree: CallTree, options: ReportOptions) -> str:
    from io import StringIO

    from frametools.profile import _report as forms

    out = StringIO()
    forms.load("summary").write(tree, out, options)
    return out.getvalue()


def _write_page(run: Run, tree: CallTree, path: str | None) -> None:
    """Write what --html asked for; a failure is one line, the data are there."""
    from frametools._whole_file import Replacing
    from frametools.profile import _report as forms
    from frametools.profile._units import size

    target = os.path.join(run.directory, str(run.options.html))
    try:
        with Replacing(target) as partial, open(partial, "w", encoding="utf-8") as out:
            forms.load("html").write(tree, out, _report_options(run, path))
    except OSError as error:
        run.say(f"cannot write {run.options.html}: {error.strerror or error}")
        return
    if not run.options.no_report:
        amount = size(os.path.getsize(target))
        run.output.write(f"page: {amount}, {run.options.html}\n")


def _report_options(run: Run, path: str | None) -> ReportOptions:
    from frametools.profile._report import ReportOptions

    chosen = ReportOptions.of(run.options, path)
    chosen.fit(run.output)
    return chosen


def _where(path: str, run: Run) -> str:
    """Say where the data went, and the command that shows them again."""
    from frametools.profile._units import size

    folder, name = os.path.split(path)
    shown = name if folder == run.directory else path
    if set(shown) & set(" '\"$&;()*?"):
        shown = "'" + shown.replace("'", "'\"'\"'") + "'"
    by_module = run.name.startswith("python")
    command = "python -m frametools report" if by_module else "frametools report"
    amount = size(os.path.getsize(path))
    return f"\ndata: {amount}; to see it again: {command} {shown}\n"
