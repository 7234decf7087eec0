"""The command: `frametools diff OLD NEW`, or several files on each side."""

from __future__ import annotations

import os
import sys
from io import StringIO
from typing import TYPE_CHECKING

from frametools._command_line import ABOUT, OptionError, Spec, read_option, split_option
from frametools._whole_file import Replacing
from frametools.profile._facts import current_directory, page_objection, text_objection
from frametools.profile._refusals import (
    RefusalError,
    be_lenient,
    cannot_write,
    guarded,
    say_version,
)
from frametools.profile._report import ReportOptions
from frametools.profile.diff.text import SORTS

if TYPE_CHECKING:
    from typing import TextIO

    from frametools.profile.diff.comparison import Comparison


class Options:
    """What the command line asked for."""

    __slots__ = (
        "alone",
        "help",
        "html",
        "json",
        "limit",
        "new",
        "no_source",
        "old",
        "output",
        "raw",
        "sort",
        "version",
    )

    def __init__(self) -> None:
        self.old: list[str] = []
        self.new: list[str] = []
        self.html: str | None = None
        self.output: str | None = None
        self.sort = "self"
        self.limit: int | None = None
        self.alone = self.json = self.raw = self.no_source = False
        self.help = self.version = False


SPECS = {
    "--alone": Spec("alone", "flag"),
    "--json": Spec("json", "flag"),
    "--html": Spec("html", "text"),
    "-o": Spec("output", "text"),
    "--output": Spec("output", "text"),
    "--no-source": Spec("no_source", "flag"),
    "--sort": Spec("sort", "text", tuple(SORTS)),
    "--limit": Spec("limit", "number"),
    "--raw": Spec("raw", "flag"),
    **ABOUT,
}


def main(args: list[str]) -> int:
    """Run the command; returns its exit status."""
    return guarded(lambda: _run(args))


def _run(args: list[str]) -> int:
    options = parse(args)
    if options.version:
        return say_version()
    if options.help:
        from frametools.profile._help import DIFF

        sys.stdout.write(DIFF)
        return 0
    _check(options)
    from frametools.profile.diff.comparison import Comparison, Side

    old, new = (
        Side(files, raw=options.raw, alone=options.alone)
        for files in (options.old, options.new)
    )
    comparison = Comparison(old, new)
    if "memory" in options.sort and not comparison.memory:
        no = comparison.lacking or "no memory was sampled; profile --memory does"
        raise RefusalError(f"--sort {options.sort}: {no}")
    _write(comparison, options)
    return 0


def parse(args: list[str]) -> Options:
    """Read the options, wherever they stand; OptionError.

    Files behind `--old` and `--new` are of that side, however many; two files before
    any of these are the old and the new one.
    """
    options, args = Options(), list(args)
    plain: list[str] = []
    files, position, is_options = plain, 0, True
    while position < len(args):
        word = args[position]
        name, equals, value = split_option(word)
        if is_options and name in ("--old", "--new"):
            files = options.old if name == "--old" else options.new
            files += [value] if equals else []
        elif is_options and word == "--":
            is_options = False
        elif is_options and word.startswith("-") and word != "-":
            position = read_option(args, position, SPECS, options)
            continue
        else:
            files.append(word)
        position += 1
    if plain:
        if options.old or options.new:
            raise OptionError(f"{plain[0]} is of no side: name it after --old or --new")
        options.old, options.new = plain[:1], plain[1:]
        if len(plain) > 2:
            several = "several are --old A B --new C D"
            raise OptionError(f"two data files, not {len(plain)}; {several}")
    return options


def _check(options: Options) -> None:
    """Refuse what cannot be, before anything is read; RefusalError, OSError."""
    for name, files in (("old", options.old), ("new", options.new)):
        if not files:
            raise RefusalError(f"no {name} data file; try frametools diff --help")
        seen = set()
        for path in files:
            found = os.stat(path)
            if (found.st_dev, found.st_ino) in seen:
                raise RefusalError(f"{path} is given twice as {name}")
            seen.add((found.st_dev, found.st_ino))
    _check_targets(options)


def _check_targets(options: Options) -> None:
    """Refuse to write what cannot be, or over what is not ours."""
    if options.no_source and options.html is None:
        raise RefusalError("--no-source is for the page of --html, which is missing")
    if options.output is not None:
        _check_output(options, options.output)
    if options.html is not None:
        if options.json:
            raise RefusalError("--html and --json exclude each other")
        page = os.path.join(current_directory(), options.html)
        for path in options.old + options.new:
            problem = page_objection(page, path)
            if problem:
                raise RefusalError(f"--html: {problem}")


def _check_output(options: Options, output: str) -> None:
    """Refuse to write the text where a page is wanted, or over a data file."""
    if options.html is not None:
        raise RefusalError("--html OUT is where the page goes: it goes with no -o")
    problem = text_objection(output)
    if problem:
        raise RefusalError(problem)


def _write(comparison: Comparison, options: Options) -> None:
    chosen = ReportOptions(
        sort=options.sort,
        limit=options.limit,
        raw=options.raw,
        source=not options.no_source,
    )
    if options.html is not None:
        from frametools.profile.diff.html import page

        _write_file(options.html, page(comparison, chosen))
    elif options.output is not None:
        out = StringIO()
        _write_text(comparison, options, chosen, out)
        _write_file(options.output, out.getvalue())
    else:
        from frametools._output import Output

        be_lenient(sys.stdout)
        chosen.fit(Output(1))
        _write_text(comparison, options, chosen, sys.stdout)
        sys.stdout.flush()


def _write_text(
    comparison: Comparison, options: Options, chosen: ReportOptions, out: TextIO
) -> None:
    if options.json:
        from frametools.profile.diff import as_json

        as_json.write(comparison, out, SORTS[options.sort], options.limit)
    else:
        from frametools.profile.diff import text as form

        form.write(comparison, out, chosen)


def _write_file(path: str, text: str) -> None:
    """Write a file whole or not at all; RefusalError."""
    try:
        with Replacing(path) as partial, open(partial, "wb") as out:
            out.write(text.encode(errors="backslashreplace"))
    except OSError as error:
        raise cannot_write(path, error) from None
