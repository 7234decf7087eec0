"""The options of `frametools profile` and `frametools report`."""

from __future__ import annotations

from frametools._command_line import (
    ABOUT,
    OptionError,
    Spec,
    split_option,
    take_anywhere,
    take_options,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

SORT_KEYS = ("self", "cum", "calls", "wall", "self-wall", "await", "depth", "name")
CLOCKS = ("cpu", "wall")
ROOTS = ("thread", "task")


MAX_EVENTS = 10_000_000
_OF_RECORD = ("--max-events", "--keep")


class Options:
    """What the command line asked for; the defaults where it did not."""

    __slots__ = (
        "alone",
        "by",
        "c_calls",
        "clock",
        "exceptions",
        "exclude",
        "format",
        "help",
        "html",
        "include",
        "keep",
        "limit",
        "low",
        "max_events",
        "memory",
        "memory_alloc",
        "no_report",
        "no_source",
        "output",
        "quiet",
        "raw",
        "record",
        "retention",
        "sort",
        "subprocesses",
        "text",
        "version",
        "watch",
    )

    def __init__(self) -> None:
        self.output: str | None = None
        self.html: str | None = None
        self.sort = "self"
        self.limit: int | None = None
        self.raw = False
        self.record = False
        self.max_events = MAX_EVENTS
        self.keep = "first"
        self.c_calls = False
        self.low = False
        self.include: tuple[str, ...] = ()
        self.exclude: tuple[str, ...] = ()
        self.exceptions = False
        self.retention = False
        self.subprocesses = False
        self.memory = False
        self.memory_alloc = False
        self.alone = False
        self.quiet = False
        self.no_report = False
        self.no_source = False
        self.format = "summary"
        self.by = "thread"
        self.clock = ""
        self.text = False
        self.watch = False
        self.help = False
        self.version = False


_SHARED = {
    **ABOUT,
    "-o": Spec("output", "text"),
    "--output": Spec("output", "text"),
    "--html": Spec("html", "text"),
    "--no-source": Spec("no_source", "flag"),
    "--sort": Spec("sort", "text", SORT_KEYS),
    "--limit": Spec("limit", "number"),
    "--raw": Spec("raw", "flag"),
    "--by": Spec("by", "text", ROOTS),
}
RUN: Mapping[str, Spec] = {
    **_SHARED,
    "--record": Spec("record", "flag"),
    "--max-events": Spec("max_events", "number"),
    "--keep": Spec("keep", "text", ("first", "last")),
    "--c-calls": Spec("c_calls", "flag"),
    "--low": Spec("low", "flag"),
    "--include": Spec("include", "many"),
    "--exclude": Spec("exclude", "many"),
    "--exceptions": Spec("exceptions", "flag"),
    "--retention": Spec("retention", "flag"),
    "--subprocesses": Spec("subprocesses", "flag"),
    "--memory": Spec("memory", "flag"),
    "--memory-alloc": Spec("memory_alloc", "flag"),
    "-q": Spec("quiet", "flag"),
    "--quiet": Spec("quiet", "flag"),
    "--no-report": Spec("no_report", "flag"),
}
REPORT: Mapping[str, Spec] = {
    **_SHARED,
    "--format": Spec("format", "text"),
    "-f": Spec("format", "text"),
    "--clock": Spec("clock", "text", CLOCKS),
    "--alone": Spec("alone", "flag"),
    "--watch": Spec("watch", "flag"),
}


_WATCHING: Mapping[str, Spec] = {
    name: RUN[name] for name in ("--c-calls", "--low", "--include", "--exclude")
}
MAGIC: Mapping[str, Spec] = {
    **{name: spec for name, spec in _SHARED.items() if name != "--version"},
    **_WATCHING,
    "--clock": REPORT["--clock"],
    "--text": Spec("text", "flag"),
}


def parse_magic(words: list[str]) -> tuple[Options, int]:
    """The options of %frameprofile, and how many of the words they are."""
    options = Options()
    ours, _ = take_options(words, MAGIC, options)
    return options, len(ours)


def parse_run(args: list[str]) -> tuple[Options, list[str]]:
    """Our options, and the rest: the program and its arguments."""
    options = Options()
    ours, rest = take_options(args, RUN, options)
    if options.low and options.record:
        raise OptionError("--low takes no time per event, so it excludes --record")
    if options.memory and options.memory_alloc:
        raise OptionError("--memory and --memory-alloc: one of them, not both")
    if not options.record:
        _check_bounds(ours)
    if options.html is None:
        _check_source(options)
    return options, rest


def _check_bounds(ours: list[str]) -> None:
    """Refuse what bounds a record when none is made."""
    for word in ours:
        name = split_option(word)[0]
        if name in _OF_RECORD:
            raise OptionError(f"{name} bounds --record, which is missing")


def _check_source(options: Options) -> None:
    """Refuse what is for a page when none is made."""
    if options.no_source:
        raise OptionError("--no-source is for the page of --html, which is missing")


def parse_report(args: list[str]) -> tuple[Options, list[str]]:
    """The options of `frametools report`, wherever they stand, and the files."""
    options = Options()
    files = take_anywhere(args, REPORT, options)
    if options.watch and (options.output or options.html or options.limit is not None):
        raise OptionError("--watch fills the terminal: it takes no -o, --html, --limit")
    if options.watch and options.format not in ("summary", "table"):
        raise OptionError(f"--watch shows the table, not {options.format}")
    if options.watch and options.by != "thread":
        raise OptionError("--watch shows the table, which has no roots: no --by")
    if options.html is not None:
        _choose_html(options)
    if options.format != "html":
        _check_source(options)
    return options, files


def _choose_html(options: Options) -> None:
    """`--html OUT` is short for `-f html -o OUT`; OptionError beside another."""
    if options.output is not None or options.format not in ("summary", "html"):
        raise OptionError("--html OUT is -f html -o OUT: it goes with no other of them")
    options.format, options.output = "html", options.html
