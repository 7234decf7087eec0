"""Programs that hypothesis makes: functions of random statements that call each other.

Each ends: loops are over short ranges, a function calls only those made before it, or
itself with a counter that gets smaller. What a program does with exceptions,
generators, closures, frames and `del` is up to chance.
"""

from __future__ import annotations

from textwrap import indent
from typing import TYPE_CHECKING

from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Callable

    Draw = Callable[[st.SearchStrategy[object]], object]

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


class Awaitable:
    def __await__(self):
        x = yield 1
        return x


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
    for function in {functions}:
        try:
            seen.append(repr(shown(function(2))))
        except Exception as error:
            seen.append(type(error).__name__)
    kept.clear()
    return seen


def shown(value):
    if hasattr(value, "close"):
        return type(value).__name__
    if isinstance(value, str):
        return value.partition(" at 0x")[0]
    return value if isinstance(value, (int, type(None))) else len(value)
"""
ERRORS = ("ValueError", "KeyError", "ZeroDivisionError", "StopIteration")
VARIABLES = ("a", "b", "c")


class Scope:
    """What statements may use at a place."""

    def __init__(self, kind: str, callable_names: tuple[tuple[str, str], ...]) -> None:
        self.kind = kind
        self.functions = callable_names
        self.in_loop = False


def _expression(draw: Draw, scope: Scope) -> str:
    choices = ["n", "1", "a", "b", "n + 1", "1 // n", "[n, 1]", "kept[-1]"]
    choices += [
        "(lambda x: x + a)(n)",
        "[x * n for x in range(2)]",
        "sys.exc_info()[1]",
    ]
    choices += ["sum(x for x in (1, n))", "a if n else b", "n < 1 < 2", "f'{n}{a!r}'"]
    for name, kind in scope.functions:
        if kind == "function":
            choices += [f"{name}(n)", f"{name}(n - 1) if n > 0 else 0"]
        elif kind == "generator":
            choices += [f"list({name}(n))", f"{name}(n)", f"next({name}(n), 0)"]
        elif scope.kind == "coroutine":
            choices += [f"await {name}(n)", "await Awaitable()"]
        else:
            choices.append(f"drive({name}(n))")
    if scope.kind == "generator":
        choices += ["(yield n)", "(yield a)"]
    return str(draw(st.sampled_from(choices)))


def _block(draw: Draw, scope: Scope, depth: int) -> str:
    count = draw(st.integers(1, 3))
    lines = [_statement(draw, scope, depth) for _ in range(int(str(count)))]
    return indent("\n".join(lines), "    ")


def _statement(draw: Draw, scope: Scope, depth: int) -> str:  # noqa: C901, PLR0911, PLR0912
    kinds = ["assign"] * 4 + ["raise", "return", "del", "keep", "frame", "closure"]
    if depth < 3:
        kinds += ["if", "for", "while", "try", "finally", "with", "generate"] * 2
    if scope.in_loop:
        kinds += ["break", "continue"]
    if scope.kind == "generator":
        kinds += ["yield", "yield", "yield from"]
    kind = str(draw(st.sampled_from(kinds)))
    variable = str(draw(st.sampled_from(VARIABLES)))
    value = _expression(draw, scope)
    error = str(draw(st.sampled_from(ERRORS)))
    if kind == "assign":
        return f"{variable} = {value}"
    if kind == "raise":
        return f"if n < {draw(st.integers(0, 2))}:\n    raise {error}({variable!r})"
    if kind == "return":
        return f"if n == {draw(st.integers(0, 3))}:\n    return {value}"
    if kind == "del":
        return f"{variable} = {value}\ndel {variable}"
    if kind == "keep":
        return f"kept.append({value})"
    if kind == "frame":
        return "kept.append(sys._getframe().f_lineno)\na = sys._getframe()\ndel a"
    if kind == "closure":
        inner = "def inner():\n    nonlocal a\n    a = n\n    return b\n"
        return f"{inner}{variable} = inner()"
    if kind in ("break", "continue"):
        return f"if n:\n    {kind}"
    if kind == "yield":
        return f"{variable} = yield {value}"
    if kind == "yield from":
        return f"{variable} = yield from [n, {value}]"
    return _compound(draw, scope, depth + 1, kind, value, error)


def _compound(  # noqa: PLR0911
    draw: Draw, scope: Scope, depth: int, kind: str, value: str, error: str
) -> str:
    if kind in ("for", "while"):
        before, scope.in_loop = scope.in_loop, True
        body = _block(draw, scope, depth)
        scope.in_loop = before
        if kind == "for":
            return f"for c in range(n):\n{body}\nelse:\n    b = 1"
        name = f"w{depth}"
        return f"{name} = 2\nwhile {name}:\n    {name} -= 1\n{body}"
    body = _block(draw, scope, depth)
    if kind == "if":
        return f"if {value}:\n{body}\nelse:\n{_block(draw, scope, depth)}"
    if kind == "try":
        handler = _block(draw, scope, depth)
        ending = draw(st.sampled_from(("raise", "kept.append(e)", "pass", "a = e")))
        return f"try:\n{body}\nexcept {error} as e:\n{handler}\n    {ending}"
    if kind == "finally":
        before, scope.in_loop = scope.in_loop, False
        last = _block(draw, scope, depth).replace("return ", "b = ")
        scope.in_loop = before
        return f"try:\n{body}\nfinally:\n{last}"
    if kind == "with":
        suppresses = draw(st.booleans())
        return f"with Context({suppresses}) as b:\n{body}"
    return (
        "def items():\n    try:\n        yield n\n        yield a\n"
        "    finally:\n        kept.append(n)\n"
        f"for b in items():\n{body}\n    break"
    )


@st.composite
def programs(draw: Draw) -> str:
    """Draw the source of a program with a `main()`."""
    made: list[tuple[str, str]] = []
    parts = [HEAD]
    for number in range(int(str(draw(st.integers(1, 4))))):
        name = f"f{number}"
        kind = str(draw(st.sampled_from(("function", "generator", "coroutine"))))
        scope = Scope(kind, tuple(made))
        body = _block(draw, scope, 0)
        opening = "async def" if kind == "coroutine" else "def"
        last = "    yield n\n" if kind == "generator" else "    return a\n"
        first = indent("a = b = n\nc = None\n", "    ")
        parts.append(f"{opening} {name}(n):\n{first}{body}\n{last}\n\n")
        made.append((name, kind))
    calls = [
        {"function": name, "generator": f"lambda n: list({name}(n))"}.get(
            kind, f"lambda n: drive({name}(n))"
        )
        for name, kind in made
    ]
    parts.append(TAIL.format(functions="[" + ", ".join(calls) + "]"))
    return "".join(parts)
