"""Programs that hypothesis makes: functions of random statements that call each other.

A program is drawn from templates with holes: `{value}` is filled with an expression,
`{block}` with statements, `{generator}` with the name of a generator function made
before. Each program ends: loops are over short ranges, a function calls only those made
before it, or outside of loops itself with a smaller `n`. What a program does with
exceptions, generators, closures, frames and `del` is up to chance.
"""

from __future__ import annotations

from functools import cache
from string import Formatter
from textwrap import indent
from typing import TYPE_CHECKING

from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Callable

    Draw = Callable[[st.SearchStrategy[str]], str]

HEAD = """\
import sys

kept = []


class Context:
    def __init__(self, suppresses):
        self.suppresses = suppresses

    def __enter__(self):
        return self.suppresses

    def __exit__(self, kind, error, traceback):
        return self.suppresses

    async def __aenter__(self):
        return await Awaitable()

    async def __aexit__(self, kind, error, traceback):
        return self.suppresses


class Awaitable:
    def __await__(self):
        x = yield 1
        return x


async def gathered(items):
    return [item async for item in items]


def drive(coroutine):
    steps = 0
    try:
        while steps < 20:
            coroutine.send(None)
            steps += 1
    except StopIteration as stop:
        return stop.value
    coroutine.close()


"""
TAIL = """

def main():
    seen = []
    for function in [{functions}]:
        try:
            seen.append(repr(shown(function(2))))
        except Exception as error:
            seen.append(type(error).__name__)
    kept.clear()
    return seen


def shown(value):
    if isinstance(value, str):
        return value.partition(" at 0x")[0]
    if isinstance(value, list):
        return len(value)
    return value if isinstance(value, (int, type(None))) else type(value).__name__
"""
ITEMS = """\
def items():
    try:
        yield n
        yield a
    finally:
        kept.append(n)
"""
OPENINGS = {
    "function": "def",
    "generator": "def",
    "coroutine": "async def",
    "asyncgen": "async def",
}
CALLS = {
    "function": "{name}",
    "generator": "lambda n: list({name}(n))",
    "coroutine": "lambda n: drive({name}(n))",
    "asyncgen": "lambda n: drive(gathered({name}(n)))",
}

# What the holes are filled with, by the kind of function they are in: "" is all kinds.

VALUES = {
    "": (
        *("n", "1", "a", "b", "c", "n + 1", "1 // n", "[n, 1]", "kept[-1]"),
        *("a if n else b", "n < 1 < 2", "f'{{n}}{{a!r}}'", "(lambda x: x + a)(n)"),
        *("[x * n for x in range(2)]", "sum(x for x in (1, n))", "kept[-1]()"),
        *("sys.exc_info()[1]", "sys._getframe()", "sys._getframe(1).f_lineno"),
        *("len(sys._getframe().f_locals)", "kept[-1].clear()", "kept.pop()"),
        *("{function}(n)", "{function}(n)", "{function}(n - 1) if n > 0 else 0"),
        *("{generator}(n)", "list({generator}(n))", "next({generator}(n), 0)"),
    ),
    "function": (
        "{same_function}(n - 1) if n > 0 else 0",
        *("drive({coroutine}(n))", "drive(gathered({asyncgen}(n)))", "{coroutine}(n)"),
    ),
    "generator": (
        *("(yield n)", "(yield a)", "list({same_function}(n - 1)) if n > 0 else 0"),
        *("drive({coroutine}(n))", "drive(gathered({asyncgen}(n)))"),
    ),
    "coroutine": (
        *("await {coroutine}(n)", "await Awaitable()", "await gathered({asyncgen}(n))"),
        "[x async for x in {asyncgen}(n)]",
        "await {same_function}(n - 1) if n > 0 else 0",
    ),
    "asyncgen": (
        *("(yield n)", "await Awaitable()", "await {coroutine}(n)"),
        "await anext({asyncgen}(n), 0)",
        "[x async for x in {same_function}(n - 1)] if n > 0 else 0",
    ),
}
SIMPLE = {
    "": (
        *("{variable} = {value}",) * 4,
        "if n < {small}:\n    raise {error}({value})",
        "if n == {small}:\n    raise",
        "{variable} = {value}\ndel {same_variable}",
        "if n == {small}:\n    del {variable}",
        "kept.append({value})",
        "kept.append(lambda: {variable})",
        "del kept[{small}:]",
        "kept.append(sys._getframe().f_lineno)\na = sys._getframe()\ndel a",
        "def inner():\n    nonlocal a\n    a = n\n    return b\n{variable} = inner()",
    ),
    "function": ("if n == {small}:\n    return {value}",),
    "generator": (
        "if n == {small}:\n    return {value}",
        *("{variable} = yield {value}", "{variable} = yield {value}"),
        "{variable} = yield from [n, {value}]",
        "{variable} = yield from {generator}(n)",
        "{variable} = yield from ({same_function}(n - 1) if n > 0 else ())",
    ),
    "coroutine": ("if n == {small}:\n    return {value}",),
    "asyncgen": (
        "if n == {small}:\n    return",
        *("{variable} = yield {value}", "yield {value}"),
    ),
}
IN_LOOP = ("if n:\n    break", "if n:\n    continue")
COMPOUND = {
    "": (
        "if {value}:\n{block}\nelse:\n{block}",
        "for c in range(n):\n{loop}\nelse:\n    b = 1",
        "w{depth} = 2\nwhile w{depth}:\n    w{depth} -= 1\n{loop}",
        "try:\n{block}\nexcept {error} as e:\n{block}\n    {ending}",
        "try:\n{block}\nexcept {error} as e:\n    {ending}\nelse:\n{block}",
        "try:\n{block}\nexcept ({error}, {error}):\n{block}\n    raise",
        "try:\n{calm}\nexcept* {error} as e:\n{calm}\n    {ending}",
        "try:\n{block}\nexcept Exception as e:\n    kept.append({exception})",
        *("try:\n{block}\nfinally:\n{block}", "try:\n{block}\nfinally:\n{block}"),
        "with Context({flag}) as b:\n{block}",
        "with Context({flag}), Context({flag}) as b:\n{block}",
        ITEMS + "for b in items():\n{loop}\n    break",
        "c = {generator}(n)\nnext(c, 0)\ntry:\n{block}\nfinally:\n    c.{method}",
        "for b in {generator}(n):\n{loop}",
    ),
    "coroutine": (
        "async with Context({flag}) as b:\n{block}",
        "async for b in {asyncgen}(n):\n{loop}",
    ),
    "asyncgen": (
        "async with Context({flag}) as b:\n{block}",
        "async for b in {asyncgen}(n):\n{loop}",
    ),
}
WORDS = {
    "variable": ("a", "b", "c"),
    "error": ("ValueError", "KeyError", "ZeroDivisionError", "StopIteration"),
    "small": ("0", "1", "2", "3"),
    "flag": ("False", "True"),
    "ending": ("raise", "kept.append(e)", "pass", "a = e", "raise {error}(n) from e"),
    "exception": ("e", "e.__traceback__", "e.__traceback__.tb_frame", "e.__context__"),
    "method": ("close()", "send(n)", "throw({error}(n))", "throw({error})"),
}
KINDS = tuple(OPENINGS)


@cache
def _one_of(choices: tuple[str, ...]) -> st.SearchStrategy[str]:
    return st.sampled_from(choices)


@cache
def _holes(template: str) -> tuple[tuple[str, str | None], ...]:
    """Return each piece of text, with the name of the hole behind it."""
    return tuple((text, hole) for text, hole, _, _ in Formatter().parse(template))


class Function:
    """One function as it is drawn."""

    def __init__(
        self, draw: Draw, name: str, kind: str, made: tuple[tuple[str, str], ...]
    ) -> None:
        self.draw = draw
        self.name = name
        self.kind = kind
        self.words = WORDS | {
            kind: tuple(name for name, other in made if other == kind) for kind in KINDS
        }
        self.depth = 0
        self.in_loop = self.may_leave = False
        self.variable = ""

    def source(self) -> str:
        """Return the text of it."""
        self.may_leave = True
        body = self._block(self.in_loop, self.may_leave)
        last = "yield n" if self.kind in ("generator", "asyncgen") else "return a"
        opening = f"{OPENINGS[self.kind]} {self.name}(n):"
        return f"{opening}\n    a = b = n\n    c = None\n{body}\n    {last}\n\n\n"

    def _fill(self, template: str) -> str:
        text = [part + self._filled(hole) for part, hole in _holes(template)]
        return "".join(text)

    def _filled(self, hole: str | None) -> str:  # noqa: PLR0911 - one for each kind
        if hole is None:
            return ""
        if hole == "value":
            return self._fill(self._choose(VALUES))
        if hole == "block":
            return self._block(self.in_loop, self.may_leave)
        if hole == "loop":
            return self._block(True, self.may_leave)
        if hole == "calm":
            return self._block(False, False)
        if hole == "depth":
            return str(self.depth)
        if hole == "same_function":
            return self.name
        if hole == "same_variable":
            return self.variable
        word = self._fill(self.draw(_one_of(self.words[hole])))
        if hole == "variable":
            self.variable = word
        return word

    def _block(self, in_loop: bool, may_leave: bool) -> str:
        before = self.in_loop, self.may_leave
        self.in_loop, self.may_leave = in_loop, may_leave
        self.depth += 1
        count = int(self.draw(_one_of(("1", "2", "3"))))
        lines = [self._statement() for _ in range(count)]
        self.depth -= 1
        self.in_loop, self.may_leave = before
        return indent("\n".join(lines), "    ")

    def _statement(self) -> str:
        if self.depth < 4 and self.draw(_one_of(("", "compound"))):
            return self._fill(self._choose(COMPOUND))
        more = IN_LOOP if self.in_loop and self.may_leave else ()
        return self._fill(self._choose(SIMPLE, more))

    def _choose(
        self, by_kind: dict[str, tuple[str, ...]], more: tuple[str, ...] = ()
    ) -> str:
        choices = by_kind[""] + by_kind.get(self.kind, ()) + more
        return self.draw(_one_of(tuple(t for t in choices if self._can_be(t))))

    def _can_be(self, template: str) -> bool:
        """Whether there is something for each hole, at this place."""
        holes = {hole for _, hole in _holes(template)}
        if "same_function" in holes and self.in_loop:
            return False
        if "return" in template and not self.may_leave:
            return False
        return all(self.words.get(hole or "", "something") for hole in holes)


@st.composite
def programs(draw: Draw) -> str:
    """Draw the source of a program with a `main()`."""
    made: list[tuple[str, str]] = []
    parts = [HEAD]
    for number in range(int(draw(_one_of(("1", "2", "3", "4"))))):
        name, kind = f"f{number}", draw(_one_of(KINDS))
        parts.append(Function(draw, name, kind, tuple(made)).source())
        made.append((name, kind))
    calls = [CALLS[kind].format(name=name) for name, kind in made]
    parts.append(TAIL.format(functions=", ".join(calls)))
    return "".join(parts)
