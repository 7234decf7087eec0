"""A logged function: what it is called, and how its arguments are written.

    def f(a, *rest, b=2, **more)     f(1, 10, 20, b=3, c=4)

Parameters without a default are written by value, as a caller would; those with one by
name; `self` and `cls` of methods not at all.
"""

from __future__ import annotations

from functools import partial
from itertools import islice, pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from frametools._paths import printable
from frametools._safe_repr import safe_repr
from frametools._safe_repr.pairs import HIDDEN, hides, without_secrets
from frametools._secrets import REDACTED, option_name
from frametools.calls.hiding import asks_for_secret, is_of_secret, looks_up
from frametools.calls.lines import cut
from frametools.calls.stacks import IS_SECRET

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from types import CodeType, FunctionType

    from frametools.calls.options import Options
    from frametools.calls.stacks import Call

_VARARGS, _VARKEYWORDS = 0x4, 0x8
"""`inspect.CO_VARARGS`, `CO_VARKEYWORDS`."""
_MOST = 30
"""Arguments of `*args` and of `**kwargs` that are written."""


class Parameter(NamedTuple):
    """One parameter that has a name of its own."""

    name: str
    prefix: str
    """ "" or `name=`."""
    is_secret: bool


class Function:
    """What of a function is logged, and how. It refers to no function and no code."""

    __slots__ = (
        "_bare",
        "_is_of_secret",
        "_is_secret",
        "_keywords",
        "_leaves_out",
        "_limit",
        "_looks",
        "_more",
        "_rest",
        "emit",
        "entry",
        "file",
        "has_failed",
        "is_asked",
        "is_on",
        "is_own",
        "key",
        "line",
        "looks_up",
        "name",
        "options",
        "positional",
    )

    def __init__(
        self,
        code: CodeType | None,
        name: str,
        defaults: int,
        options: Options,
        *,
        is_own: bool = False,
    ) -> None:
        """Take the name and parameters of code, the last `defaults` having one."""
        self.is_own = is_own
        """It was decorated itself, not only the class or module that has it."""
        self._looks = name, defaults, options, is_own
        self.options = options
        self.is_on = True
        """Its wrapper writes lines."""
        self.key = id(self if code is None else code)
        self.name = printable(short(name))
        self.file = "" if code is None else code.co_filename
        self.line = 0 if code is None else code.co_firstlineno
        self._limit = options.repr_limit
        self._is_secret = options.is_secret
        self._is_of_secret = is_of_secret(name, self._is_secret)
        """Its arguments and results are secrets."""
        self.looks_up = looks_up(name, self._is_secret)
        """What it is asked for may be a secret: see `asks_for_secret`."""
        self.positional: list[Parameter] = []
        self._bare: list[Parameter] = []
        """The positional ones, without names."""
        self._keywords: list[Parameter] = []
        self._rest, self._more = "args", "kwargs"
        self._leaves_out = False
        """A call may have arguments that are not written."""
        if code is not None:
            self._take_parameters(code, defaults)
        self._rest, self._more = self._wanted(self._rest), self._wanted(self._more)
        self.is_asked = options.enabled is not None or options.max_depth is not None
        """Not every call has a line."""
        self.has_failed = False
        """Who tells which calls have one has failed, and that was said."""
        self.emit = options.sink.for_function(self)
        """Writes a line; may raise."""
        if options.width is not None:
            self.emit = partial(_emit_cut, self.emit, options.width)
        self.entry = options.form.entry_of(self)
        """Writes the arguments: takes what maps names to values."""

    def is_like(self, other: Function | None) -> bool:
        """Tell if another one, of the same code, is logged in the same way."""
        return other is not None and self._looks == other._looks

    def _take_parameters(self, code: CodeType, defaults: int) -> None:
        positional, keywords, self._rest, self._more = parameters(code)
        named = len(positional) - defaults
        if "." in self.name and positional[:1] in (["self"], ["cls"]):
            del positional[0]
            named -= 1
        for index, name in enumerate(positional):
            if self._wanted(name):  # behind one that is left out by name
                prefix = f"{name}=" * (self._leaves_out or index >= named)
                self.positional.append(Parameter(name, prefix, self._hides(name)))
        self._bare = [each._replace(prefix="") for each in self.positional]
        self._keywords = [
            Parameter(name, f"{name}=", self._hides(name))
            for name in keywords
            if self._wanted(name)
        ]

    def _wanted(self, name: str) -> str:
        """Return a parameter's name; "" if it is left out."""
        wanted = self.options.args
        if wanted is True or not name or (wanted and name in wanted):
            return name
        self._leaves_out = True
        return ""

    def _hides(self, name: str) -> bool:
        redact = self._is_secret
        return self._is_of_secret or (redact is not None and bool(redact(name)))

    def asks_for_secret(self, values: Iterable[object]) -> bool:
        """Tell if a call with these arguments returns a secret, where it `looks_up`."""
        return asks_for_secret(values, self._is_secret)

    def arguments(self, values: Mapping[str, Any]) -> list[str]:
        """Write the arguments, in the order of a call."""
        rest = values[self._rest] if self._rest else ()
        # No name can stand before `*rest`.
        parts, rest = self._of_positional(not rest, values, rest)
        if rest:
            parts += self._of_rest(rest)
        for name, prefix, is_secret in self._keywords:
            text = self._text(values[name], is_secret=is_secret)
            parts.append(prefix + text)
        if self._more:
            parts += self._of_more(values[self._more])
        if self._leaves_out:
            parts.append("…")
        return parts

    def _of_positional(
        self, has_names: bool, values: Mapping[str, Any], rest: tuple[object, ...]
    ) -> tuple[list[str], tuple[object, ...]]:
        """Write the positional arguments; returns these, and what is left of `rest`."""
        parts, given, has_texts = [], [], False
        named = self.positional if has_names else self._bare
        for name, prefix, is_secret in named:
            value = values[name]
            given.append(value)
            has_texts = has_texts or type(value) is str or type(value) is bytes
            parts.append(prefix + self._text(value, is_secret=is_secret))
        if has_texts:
            is_pair = self.looks_up or len(given) + len(rest) == 2
            for n, pair in enumerate(pairwise([*given, *rest[:1]]), 1):
                if self.told(*pair, is_pair=is_pair) is not HIDDEN:
                    continue
                if n == len(given):
                    rest = HIDDEN, *rest[1:]
                else:
                    parts[n] = named[n].prefix + REDACTED
        return parts, rest

    def told(self, name: object, value: object, *, is_pair: bool) -> object:
        """Return an argument, HIDDEN if the one before it tells that it is a secret.

        `run("--password", "x")`; of a pair, `put("password", "x")` as well: of two
        alone, and of a name and its default, `get("db", "password", "x")`.
        """
        redact = self._is_secret
        if redact is None or value is None:
            return value
        if type(name) is not str and type(name) is not bytes:
            return value
        if is_pair and hides((name, value), redact):
            return HIDDEN
        option = option_name(name)
        return HIDDEN if option and redact(option) else value

    def _of_rest(self, values: tuple[object, ...]) -> list[str]:
        shown = without_secrets(values, self._is_secret)
        if self._is_of_secret:
            shown = (None if value is None else HIDDEN for value in values)
        parts = [self.show(value) for value in islice(shown, _MOST)]
        left = len(values) - _MOST
        return [*parts, f"… ({left:,} more)"] if left > 0 else parts

    def _of_more(self, values: dict[str, object]) -> list[str]:
        parts = []
        for index, (name, value) in enumerate(values.items()):
            if index == _MOST:
                parts.append(f"… ({len(values) - _MOST:,} more)")
                break
            text = self._text(value, is_secret=value is not None and self._hides(name))
            parts.append(f"{printable(name)}={text}")
        return parts

    def named_only(self) -> list[Parameter] | None:
        """Return the parameters if all are written and none has stars; else None."""
        has_more = self._rest or self._more or self._leaves_out
        if has_more or self._is_of_secret:
            return None
        return self.positional + self._keywords

    def named_arguments(self, values: Mapping[str, Any]) -> dict[str, str]:
        """Write each argument under its parameter's name; those of stars as a whole."""
        rest = values[self._rest] if self._rest else ()
        shown, rest = self._of_positional(False, values, rest)
        found = dict(zip((each.name for each in self._bare), shown, strict=True))
        for name, _, is_secret in self._keywords:
            found[name] = self._text(values[name], is_secret=is_secret)
        if self._rest:
            is_secret = self._is_of_secret and bool(rest)
            found[self._rest] = self._text(rest, is_secret=is_secret)
        if self._more:
            more = values[self._more]
            is_secret = self._is_of_secret and bool(more)
            found[self._more] = self._text(more, is_secret=is_secret)
        return found

    def show(self, value: object) -> str:
        """Write a value in one line: bounded while it is built, redacted.

        Raises KeyboardInterrupt alone, which is the program's.
        """
        text = safe_repr(
            value, self._limit, redact=self._is_secret, let=KeyboardInterrupt
        )
        kind = type(value)
        if kind is str or kind is int or value is None or kind is bool:
            return text  # which has nothing to escape
        return printable(text)

    def show_result(self, value: object, call: Call) -> str | None:
        """Write what a call returned or yielded; None if that is not wanted."""
        if not self.options.result:
            return None
        is_secret = self._is_of_secret or bool(call[IS_SECRET])
        return self._text(value, is_secret=is_secret)

    def _text(self, value: object, *, is_secret: bool) -> str:
        """Write a value, or that it is a secret; None is none."""
        return REDACTED if is_secret and value is not None else self.show(value)


def _emit_cut(emit: Callable[[str], object], width: int, line: str) -> None:
    emit(cut(line, width))


def described(
    function: FunctionType, options: Options, *, is_own: bool = False
) -> Function:
    """Describe a function."""
    name, defaults = function.__qualname__, len(function.__defaults__ or ())
    return Function(function.__code__, name, defaults, options, is_own=is_own)


def short(name: str) -> str:
    """Leave out in which function it was defined."""
    return name.rpartition("<locals>.")[2]


def parameters(code: CodeType) -> tuple[list[str], list[str], str, str]:
    """Return positional names, keyword-only names, those of `*args`, `**kwargs`."""
    count, keywords = code.co_argcount, code.co_kwonlyargcount
    names = list(code.co_varnames)
    stars = names[count + keywords :]
    rest = stars.pop(0) if code.co_flags & _VARARGS else ""
    more = stars[0] if code.co_flags & _VARKEYWORDS else ""
    return names[:count], names[count : count + keywords], rest, more


def given(function: FunctionType, result: str) -> Callable[..., Any]:
    """Make a function that has the same parameters; `result` is what it returns.

    So Python itself binds arguments, and raises TypeError where they do not fit:
    `inspect.Signature.bind` takes 40 times as long.
    """
    names: dict[str, Any] = {}
    exec(f"def given({_declared(function.__code__)}): return {result}", names)
    made: FunctionType = names["given"]
    made.__defaults__ = function.__defaults__
    made.__kwdefaults__ = function.__kwdefaults__
    return made


def _declared(code: CodeType) -> str:
    """Write the parameters of code, without defaults: `a, /, b, *rest, c, **more`."""
    positional, keywords, rest, more = parameters(code)
    if code.co_posonlyargcount:
        positional.insert(code.co_posonlyargcount, "/")
    if rest or keywords:
        positional.append(f"*{rest}")
    return ", ".join([*positional, *keywords, *([f"**{more}"] if more else [])])
