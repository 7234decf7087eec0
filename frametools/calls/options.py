"""What a user of `log_calls` may ask for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from frametools._interrupts import is_the_programs
from frametools._secrets import is_secret
from frametools.calls.lines import FORMS, Form
from frametools.calls.sinks import STDERR, Sink, sink_for

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Options:
    """How the calls of a function are logged."""

    sink: Sink = STDERR
    args: bool | frozenset[str] = True
    """All arguments, none, or those with these names."""
    result: bool = True
    is_secret: Callable[[object], bool] | None = is_secret
    """Asked about the name of each argument, key and field; None hides nothing."""
    repr_limit: int = 120
    """Characters of one value."""
    min_duration: float = 0.0
    """Seconds: shorter calls are left out, longer ones are a line at their end."""
    enabled: Callable[[], object] | None = None
    """Asked when a call begins; None is always."""
    suspends: bool = True
    durations: bool = False
    form: Form = FORMS["text"]
    width: int | None = None
    """Columns of a line of text; None does not cut it."""
    max_depth: int | None = None
    """Levels of calls that are shown; None shows all."""
    include: tuple[str, ...] | None = None
    """Patterns of names: of a class or module only these functions; None: all."""
    exclude: tuple[str, ...] = ()
    """Patterns of names: of a class or module all but these."""

    @property
    def is_timed(self) -> bool:
        """Tell if the time of each call must be known."""
        return self.durations or self.min_duration > 0 or self.form.is_timed

    @property
    def is_plain(self) -> bool:
        """Tell if every call is two lines of text, and no more is asked."""
        return (
            self.form is FORMS["text"]
            and self.result
            and self.enabled is None
            and self.max_depth is None
            and not self.is_timed
        )

    @property
    def chooses(self) -> bool:
        """Tell if of a class or module only some functions are meant."""
        return self.include is not None or bool(self.exclude)

    def wants(self, name: str) -> bool:
        """Tell if a function of a class or module is meant, by its qualified name."""
        from fnmatch import fnmatchcase

        if any(fnmatchcase(name, pattern) for pattern in self.exclude):
            return False
        return self.include is None or any(
            fnmatchcase(name, pattern) for pattern in self.include
        )


def options_from(given: dict[str, Any]) -> Options:
    """Check what a user gave; TypeError or ValueError, in one sentence."""
    checked: dict[str, Any] = {"sink": _sink(given.get("sink"), given.get("level"))}
    for name, value in given.items():
        if name in ("sink", "level"):
            continue
        check = _CHECKS.get(name)
        if check is None:
            known = ", ".join(sorted({*_CHECKS, "level", "sink"}))
            raise TypeError(f"log_calls has no option {name!r}; it has {known}")
        key = "is_secret" if name == "redact" else name
        checked[key] = check(value)
    options = Options(**checked)
    if options.width is not None and options.form is not FORMS["text"]:
        raise ValueError('log_calls: width is for form="text": JSON cannot be cut')
    return options


def _sink(sink: Any, level: Any) -> Sink:
    """Make one of both: a level says how a Logger is written to."""
    if level is not None and not isinstance(level, int):
        raise TypeError("log_calls: level is a number, as logging.INFO")
    return sink_for(sink, level)


def _flag(name: str) -> Callable[[Any], bool]:
    def check(value: Any) -> bool:
        if not isinstance(value, bool):
            raise TypeError(f"log_calls: {name} is True or False")
        return value

    return check


def _names(value: Any) -> bool | frozenset[str]:
    if isinstance(value, bool):
        return value
    return _words("args", value)


def _words(
    option: str, value: Any, what: str = "True, False, or names"
) -> frozenset[str]:
    words = (value,) if isinstance(value, str) else value
    try:
        found = frozenset(words)
    except TypeError:
        found = frozenset([None])
    if not all(isinstance(word, str) for word in found):
        raise TypeError(f"log_calls: {option} is {what}")
    return found


def _patterns(option: str, nothing: Any) -> Callable[[Any], Any]:
    def check(value: Any) -> Any:
        if value is None:
            return nothing
        return tuple(sorted(_words(option, value, "a pattern of names, or several")))

    return check


def _redaction(value: Any) -> Callable[[object], bool] | None:
    """True: by name, as `_secrets` knows them; names: these as well; False: nothing."""
    if value is True:
        return is_secret
    if value is False:
        return None
    if callable(value):
        return _Asked(value)
    what = "True, False, names, or a function that tells"
    more = {word.lower() for word in _words("redact", value, what)}

    def is_one_of_these(name: object) -> bool:
        return is_secret(name) or (type(name) is str and name.lower() in more)

    return is_one_of_these


class _Asked:
    """A program's function that tells secrets; if it fails, the value is one."""

    __slots__ = ("_tells",)

    def __init__(self, tells: Callable[[object], object]) -> None:
        self._tells = tells

    def __call__(self, name: object) -> bool:
        """Tell if the value of this name is to be hidden."""
        try:
            return bool(self._tells(name))
        except BaseException as error:
            if is_the_programs(error):
                raise
            return True

    def __eq__(self, other: object) -> bool:
        """Tell if the same function is asked: then options are the same."""
        return type(other) is _Asked and other._tells is self._tells

    def __hash__(self) -> int:
        """Be as the function, whose own hash may be the program's code."""
        return id(self._tells)


def _number(name: str, unit: str, *, is_optional: bool = False) -> Callable[[Any], Any]:
    def check(value: Any) -> Any:
        if value is None and is_optional:
            return None
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            no_limit = ", or None" if is_optional else ""
            wanted = f"a number of {unit}, 1 or more{no_limit}"
            raise ValueError(f"log_calls: {name} is {wanted}")
        return value

    return check


def _seconds(value: Any) -> float:
    if not isinstance(value, (int, float)) or not value >= 0:
        raise ValueError("log_calls: min_duration is a number of seconds, 0 or more")
    return float(value)


def _enabled(value: Any) -> Callable[[], object] | None:
    if value is True:
        return None
    if value is False:
        return _never
    if not callable(value):
        raise TypeError("log_calls: enabled is True, False, or a function that tells")
    return value  # type: ignore[no-any-return]


def _never() -> bool:
    return False


def is_never(options: Options) -> bool:
    """Tell if nothing is to be logged: `enabled=False`."""
    return options.enabled is _never


def _form(value: Any) -> Form:
    try:
        return FORMS[value]
    except (KeyError, TypeError):
        raise ValueError('log_calls: form is "text" or "json"') from None


_CHECKS: dict[str, Callable[[Any], Any]] = {
    "args": _names,
    "result": _flag("result"),
    "redact": _redaction,
    "repr_limit": _number("repr_limit", "characters"),
    "min_duration": _seconds,
    "enabled": _enabled,
    "suspends": _flag("suspends"),
    "durations": _flag("durations"),
    "form": _form,
    "width": _number("width", "columns", is_optional=True),
    "max_depth": _number("max_depth", "levels", is_optional=True),
    "include": _patterns("include", None),
    "exclude": _patterns("exclude", ()),
}
