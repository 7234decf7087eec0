"""A command line's options, parsed by hand: argparse costs 10 ms at start.

    SPECS = {"--limit": Spec("limit", "number"), "-q": Spec("quiet", "flag")}
    rest = take_options(args, SPECS, options)      what follows is the program's

Options of ours end at the first word that is not one, and at `-m`, `-c` and `-`:
what follows belongs to the program, its `--help` too.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_PROGRAM = ("-m", "-c", "-")


class OptionError(Exception):
    """A wrong option; the message is one line for the user."""


class Spec:
    """One option: the attribute it sets, and how its value is read.

    `kind` is `flag`, `number`, `many` (values add up) or `text`, which may have to be
    one of `choices`, or is read by `convert`; that one may raise ValueError.
    """

    __slots__ = ("attribute", "choices", "convert", "kind")

    def __init__(
        self,
        attribute: str,
        kind: str,
        choices: tuple[str, ...] = (),
        convert: Callable[[str], object] = str,
    ) -> None:
        self.attribute = attribute
        self.kind = kind
        self.choices = choices
        self.convert = convert

    def read(self, options: object, name: str, text: str) -> None:
        """Set the option from the text after its name; OptionError."""
        if self.kind == "number":
            setattr(options, self.attribute, _number(name, text))
        elif self.kind == "many":
            values = (*getattr(options, self.attribute), text)
            setattr(options, self.attribute, values)
        elif self.choices and text not in self.choices:
            known = ", ".join(self.choices)
            raise OptionError(f"{name} knows {known}; not {text!r}")
        else:
            setattr(options, self.attribute, self._converted(name, text))

    def _converted(self, name: str, text: str) -> object:
        try:
            return self.convert(text)
        except ValueError as error:
            raise OptionError(f"{name}: {error}") from None


def _number(name: str, text: str) -> int:
    digits = text.replace("_", "").replace(",", "")
    if not (digits.isascii() and digits.isdecimal()) or len(digits) > 18:
        raise OptionError(f"{name} needs a whole number, 0 or more, not {text!r}")
    return int(digits)


ABOUT: Mapping[str, Spec] = {
    "-h": Spec("help", "flag"),
    "--help": Spec("help", "flag"),
    "--version": Spec("version", "flag"),
}
"""What most commands know; it is theirs to answer."""


def take_options(
    args: list[str], specs: Mapping[str, Spec], options: object
) -> tuple[list[str], list[str]]:
    """Read our options off the front; returns their words, and the rest.

    Raises OptionError.
    """
    args = list(args)
    position = 0
    while position < len(args) and _is_ours(args[position]):
        if args[position] == "--":
            position += 1
            if position < len(args) and _is_ours(args[position]):
                args[position] = f"./{args[position]}"  # a file, as with Python
            break
        position = read_option(args, position, specs, options)
    return args[:position], args[position:]


def take_anywhere(
    args: list[str], specs: Mapping[str, Spec], options: object
) -> list[str]:
    """Read our options wherever they stand; returns the other words: files.

    Raises OptionError.
    """
    args = list(args)
    files: list[str] = []
    position = 0
    while position < len(args):
        word = args[position]
        if word == "--":
            return files + args[position + 1 :]
        if word.startswith("-") and word != "-":
            position = read_option(args, position, specs, options)
        else:
            files.append(word)
            position += 1
    return files


def _is_ours(word: str) -> bool:
    """Tell an option of ours from the program's `-m mod`, `-mmod`, `-c`, `-`."""
    return word.startswith("-") and word[:2] not in _PROGRAM


def read_option(
    args: list[str], position: int, specs: Mapping[str, Spec], options: object
) -> int:
    """Read the option at a position; returns the position of the next.

    Short flags that are joined are split in `args`. Raises OptionError.
    """
    name, equals, value = split_option(args[position])
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


def split_option(word: str) -> tuple[str, bool, str]:
    """Split `--name=value` and `-ovalue`: name, whether there is a value, value."""
    if word.startswith("--"):
        name, equals, value = word.partition("=")
        return name, bool(equals), value
    return word[:2], len(word) > 2, word[2:]


def refuse(message: str) -> int:
    """Say in one line why nothing is run; returns the exit status, 2."""
    line = message.replace("\n", " ")
    if sys.stderr is not None:
        sys.stderr.write(f"frametools: {line}\n")
    return 2


def status_of(code: object) -> int:
    """Return the exit status that SystemExit's code means."""
    if code is None:
        return 0
    return code & 0xFF if isinstance(code, int) else 1
