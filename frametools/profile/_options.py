"""The command line's options, parsed by hand: argparse costs 10 ms at start.

Options of ours end at the first word that is not one, and at `-m`, `-c` and `-`:
what follows belongs to the program, its `--help` too.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

SORT_KEYS = ("self", "cum", "calls", "wall", "self-wall", "await", "depth", "name")
CLOCKS = ("cpu", "wall")


MAX_EVENTS = 10_000_000
_OF_RECORD = ("--max-events", "--keep")


class OptionError(Exception):
    """A wrong option; the message is one line for the user."""


class Options:
    """What the command line asked for; the defaults where it did not."""

    __slots__ = (
        "c_calls",
        "clock",
        "exceptions",
        "exclude",
        "format",
        "help",
        "include",
        "keep",
        "limit",
        "low",
        "max_events",
        "no_report",
        "output",
        "quiet",
        "raw",
        "record",
        "sort",
        "version",
    )

    def __init__(self) -> None:
        self.output: str | None = None
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
        self.quiet = False
        self.no_report = False
        self.format = "summary"
        self.clock = ""
        self.help = False
        self.version = False


class Spec:
    """One option: the attribute it sets, and how its value is read."""

    __slots__ = ("attribute", "choices", "kind")

    def __init__(self, attribute: str, kind: str, choices: tuple[str, ...] = ()):
        self.attribute = attribute
        self.kind = kind
        self.choices = choices

    def read(self, options: Options, name: str, text: str) -> None:
        """Set the option from the text after its name."""
        if self.kind == "number":
            setattr(options, self.attribute, _number(name, text))
        elif self.kind == "many":
            values = (*getattr(options, self.attribute), text)
            setattr(options, self.attribute, values)
        elif self.choices and text not in self.choices:
            known = ", ".join(self.choices)
            raise OptionError(f"{name} knows {known}; not {text!r}")
        else:
            setattr(options, self.attribute, text)


def _number(name: str, text: str) -> int:
    digits = text.replace("_", "").replace(",", "")
    if not (digits.isascii() and digits.isdecimal()) or len(digits) > 18:
        raise OptionError(f"{name} needs a whole number, 0 or more, not {text!r}")
    return int(digits)


_SHARED = {
    "-h": Spec("help", "flag"),
    "--help": Spec("help", "flag"),
    "--version": Spec("version", "flag"),
    "-o": Spec("output", "text"),
    "--output": Spec("output", "text"),
    "--sort": Spec("sort", "text", SORT_KEYS),
    "--limit": Spec("limit", "number"),
    "--raw": Spec("raw", "flag"),
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
    "-q": Spec("quiet", "flag"),
    "--quiet": Spec("quiet", "flag"),
    "--no-report": Spec("no_report", "flag"),
}
REPORT: Mapping[str, Spec] = {
    **_SHARED,
    "--format": Spec("format", "text"),
    "-f": Spec("format", "text"),
    "--clock": Spec("clock", "text", CLOCKS),
}
_PROGRAM = ("-m", "-c", "-")


def parse_run(args: list[str]) -> tuple[Options, list[str]]:
    """Our options, and the rest: the program and its arguments."""
    options = Options()
    args = list(args)
    position = 0
    while position < len(args) and _is_ours(args[position]):
        if args[position] == "--":
            position += 1
            if position < len(args) and _is_ours(args[position]):
                args[position] = f"./{args[position]}"  # a file, as with Python
            break
        position = _read(args, position, RUN, options)
    if options.low and options.record:
        raise OptionError("--low takes no time per event, so it excludes --record")
    if not options.record:
        _check_bounds(args[:position])
    return options, args[position:]


def _check_bounds(ours: list[str]) -> None:
    """Refuse what bounds a record when none is made."""
    for word in ours:
        if _split(word)[0] in _OF_RECORD:
            raise OptionError(f"{_split(word)[0]} bounds --record, which is missing")


def _is_ours(word: str) -> bool:
    """Tell an option of ours from the program's `-m mod`, `-mmod`, `-c`, `-`."""
    return word.startswith("-") and word[:2] not in _PROGRAM


def parse_report(args: list[str]) -> tuple[Options, list[str]]:
    """The options of `frametools report`, wherever they stand, and the files."""
    options = Options()
    args = list(args)
    files = []
    position = 0
    while position < len(args):
        word = args[position]
        if word.startswith("-") and word != "-":
            position = _read(args, position, REPORT, options)
        else:
            files.append(word)
            position += 1
    return options, files


def _read(
    args: list[str], position: int, specs: Mapping[str, Spec], options: Options
) -> int:
    """Read the option at a position; returns the position of the next."""
    name, equals, value = _split(args[position])
    spec = specs.get(name)
    if spec is None:
        raise OptionError(f"no such option: {name}; --help lists them")
    if spec.kind == "flag":
        is_short = not name.startswith("--")
        if equals and (not is_short or value.startswith("-")):
            raise OptionError(f"{name} takes no value")
        setattr(options, spec.attribute, True)
        if equals:  # -qo FILE is -q -o FILE
            args[position] = f"-{value}"
            return position
        return position + 1
    if not equals:
        position += 1
        if position == len(args):
            raise OptionError(f"{name} needs a value")
        value = args[position]
    spec.read(options, name, value)
    return position + 1


def _split(word: str) -> tuple[str, bool, str]:
    """`--name=value` and `-ovalue` as name, whether there is a value, value."""
    if word.startswith("--"):
        name, equals, value = word.partition("=")
        return name, bool(equals), value
    return word[:2], len(word) > 2, word[2:]
