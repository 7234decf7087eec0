"""The variables of a frame as text, within a time budget."""

from __future__ import annotations

from types import FrameType
from typing import TYPE_CHECKING, Any

from frametools._frame_values import CO_OPTIMIZED, variables
from frametools._interrupts import is_the_programs
from frametools._safe_repr import REDACTED, called, quick_repr, safe_repr
from frametools._safe_repr.classes import name_of, of_class
from frametools.snapshot import LocalSnapshot
from frametools.tracebacks import missing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from types import CodeType

    from frametools._folding import Gap
    from frametools.tracebacks.options import Options
    from frametools.tracebacks.stack import Place

    Found = tuple[tuple[LocalSnapshot, ...], int]
    """Variables, and how many more there are."""

_SLOW_PART = 0.1
"""A class one of whose reprs takes so much of the budget is not asked again."""
_FAILED = "repr raised "
_UNFINISHED = "__init__ not finished"
"""Why the repr of an object has failed."""
_UNINTERESTING = {"__class__", "__tracebackhide__", "__classdict__"}


class _Interrupt(BaseException):
    """Carries an error of the program's through the text of a value."""

    def __init__(self, error: BaseException) -> None:
        self.error = error


class ValueReader:
    """Gives values as text; keeps some of them until the traceback is captured."""

    def __init__(self, options: Options) -> None:
        self._limit = options.limit
        self._most = options.names
        self._big = 10 ** min(max(options.limit - 2, 0), 9)
        self._judge = options.judge and _remembering(options.judge)
        self._clock = options.clock
        self._left = options.budget
        self._slow = options.budget * _SLOW_PART
        self._texts: dict[int, tuple[object, str]] = {}
        """By id: values, so that what is in many frames is shown once; and its text."""
        self._shown: dict[int, tuple[object, str]] = {}
        """By id: objects whose repr took long, and it."""
        self._classes: dict[int, type] = {}
        """By id: their classes."""
        self._known = set(_UNINTERESTING)
        self._odd = set(_UNINTERESTING)
        """Names that are not shown."""
        self._secret: set[str] = set()
        self._reasons = missing.Reasons()
        self.places: Sequence[Place | Gap] = ()
        """All of the traceback that is being read."""
        self._before: tuple[dict[str, object], Iterable[str], Found] = {}, (), ((), 0)
        """Of the frame read last: values, its own names, and what was given."""

    def text(self, value: object) -> str:
        """Give the repr of a value, bounded while it is built."""
        try:
            text = quick_repr(value, self._limit, self._judge)
            if text is not None:
                return text
        except RuntimeError:  # another thread changes it
            pass
        known = self._texts.get(id(value))
        if known is None:
            known = self._texts[id(value)] = (value, self._built(value))
        return known[1]

    def _built(self, value: object) -> str:
        try:
            return safe_repr(
                value, self._limit, redact=self._judge, call=self._call, let=_Interrupt
            )
        except _Interrupt as found:
            error = found.error
        try:
            raise error
        finally:
            del error  # its traceback has this frame

    def read(
        self, frame: FrameType, lasti: int, raised: int, source: tuple[str, ...]
    ) -> Found:
        """Give the variables of a frame, and how many more there are.

        If there are too many, those that the `source` shown has come first. Where an
        `eval` has the very variables of what called it, the same tuple is given.
        """
        code = frame.f_code
        values = variables(frame)
        own: Iterable[str] = values
        if code.co_flags & CO_OPTIMIZED:
            names = own = self._named(code)
        else:
            before, its_own, known = self._before
            if _are_same(values, before, its_own):
                return known
            if "get_ipython" in values:
                values = {x: values[x] for x in values if not _is_ipythons(x)}
            names = tuple(filter(None, map(_shown_name, values.items())))
            self._learn(names)
        shown = names
        if len(shown) > self._most:
            shown = self._first(shown, " ".join(source))
        new, low, big = tuple.__new__, -self._big, self._big
        secret = self._secret
        is_open = secret.isdisjoint(shown)
        found: list[LocalSnapshot] = []
        for name in shown:
            if name in values:
                value: Any = values[name]
                if not is_open and name in secret:
                    text = "None" if value is None else REDACTED
                elif type(value) is int and low < value < big:
                    text = f"{value!r}"  # the commonest, here without a call
                else:
                    text = self.text(value)
                found.append(new(LocalSnapshot, (name, text, "")))
        if len(found) < len(shown):
            why = self._reasons.of(code, missing.At(lasti, raised))
            found = _with_missing(found, shown, why)
        given = tuple(found), len(names) - len(shown)
        self._before = values, own, given
        return given

    def _named(self, code: CodeType) -> tuple[str, ...]:
        """Give the names of a function, in the order of its variables."""
        names = code.co_varnames
        if cells := code.co_cellvars:
            names += tuple(name for name in cells if name not in names)
        if free := code.co_freevars:
            names += free
        if not self._known.issuperset(names):
            self._learn(names)
        if not self._odd.isdisjoint(names):
            names = tuple(name for name in names if name not in self._odd)
        return names

    def _learn(self, names: tuple[str, ...]) -> None:
        """Judge names that were not seen before."""
        for name in names:
            if name not in self._known:
                self._known.add(name)
                if name[0] == ".":
                    self._odd.add(name)
                elif self._judge is not None and self._judge(name):
                    self._secret.add(name)

    def _first(self, names: tuple[str, ...], line: str) -> tuple[str, ...]:
        """Choose those of the line, then the first; in the old order."""
        import re

        words = set(re.findall(r"\w+", line))
        ranked = sorted(names, key=lambda name: name not in words)
        chosen = set(ranked[: self._most])
        return tuple(name for name in names if name in chosen)

    def _call(self, obj: object) -> str:
        """Call the `__repr__` of an object, unless time is up or its class is slow."""
        if found := self._shown.get(id(obj)):
            return found[1]
        cls = type(obj)
        is_slow = id(cls) in self._classes
        if is_slow or self._left <= 0:
            why = "an earlier repr was slow" if is_slow else "the time is up"
            return f"<{name_of(cls)} object, not shown: {why}>"
        begin = self._clock()
        try:
            text = called(obj, BaseException)
        except BaseException as error:
            if is_the_programs(error):
                raise _Interrupt(error) from None
            is_unfinished = self._is_unfinished(obj)
            why = _UNFINISHED if is_unfinished else _FAILED + name_of(type(error))
            text = f"<{name_of(cls)} object, {why}>"
        taken = self._clock() - begin
        self._left -= taken
        if taken > self._slow:
            self._shown[id(obj)] = (obj, text[: self._limit + 1])
            self._classes[id(cls)] = cls
        return text

    def _is_unfinished(self, obj: object) -> bool:
        """Tell if the `__init__` of an object is on the traceback."""
        for frame, *_ in self.places:
            if not isinstance(frame, FrameType):
                continue
            code = frame.f_code
            is_init = code.co_name == "__init__" and code.co_argcount > 0
            if is_init and variables(frame).get(code.co_varnames[0]) is obj:
                return True
        return False


def _remembering(judge: Callable[[object], bool]) -> Callable[[object], bool]:
    """Ask about each name once; if that fails it tells a secret."""
    known: dict[str, bool] = {}

    def asked(name: object) -> bool:
        try:
            return bool(judge(name))
        except Exception:  # of the program's function
            return True

    def remembered(name: object) -> bool:
        if type(name) is not str:
            return asked(name)
        found = known.get(name)
        if found is None:
            found = known[name] = asked(name)
        return found

    return remembered


def _are_same(
    values: dict[str, object], others: dict[str, object], names: Iterable[str]
) -> bool:
    """Tell if two frames have the same objects by the same names.

    `names` are the others' own: until 3.12 an `exec` leaves its names among theirs.
    """
    if len(values) != len(others):
        return False
    own = set(map(id, names))
    pairs = zip(values.items(), others.items(), strict=True)
    return all(a is b and x is y and id(a) in own for (a, x), (b, y) in pairs)


def _with_missing(
    found: list[LocalSnapshot], shown: tuple[str, ...], why: dict[str, str]
) -> list[LocalSnapshot]:
    """Add the names without a value, in the order of the code."""
    have = {each.name: each for each in found}
    for name in shown:
        if name not in have and name in why:
            have[name] = LocalSnapshot(name, None, why[name])
    return [have[name] for name in shown if name in have]


def _is_ipythons(name: str) -> bool:
    """Tell if a name of a cell's namespace is one that IPython puts there."""
    return name[:1] == "_" or name in {"In", "Out", "exit", "quit", "get_ipython"}


def _shown_name(pair: tuple[object, object]) -> str | None:
    """Give the name of a module's or class body's variable, if it is worth showing.

    What a module defines or imports is not: functions, classes, modules.
    """
    name, value = pair
    if type(name) is not str or (name[:2] == "__" and name[-2:] == "__"):
        return None
    cls = type(value)
    is_code = any(cls is each for each in _DEFINED) or issubclass(cls, type)
    return None if is_code or _is_future(cls) or _is_ours(cls) else name


_DEFINED: tuple[type, ...] = (
    type(_shown_name),
    type(len),
    type(missing),
    staticmethod,
    classmethod,
    property,
)


def _is_future(cls: type) -> bool:
    """Tell if it is the class of what `from __future__ import ...` binds."""
    import __future__

    return cls is __future__._Feature


def _is_ours(cls: type) -> bool:
    """Tell if it is the class of `log_calls`, or of what has wrapped a function."""
    module = of_class(cls, "__module__")
    return type(module) is str and module.startswith(_OURS)


_OURS = "frametools.calls.", "frametools.tracebacks."
