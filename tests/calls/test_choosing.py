"""Which functions of a target are logged, and what is said of options that misfit."""

from __future__ import annotations

import sys
import types
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial, singledispatch
from typing import Any

import pytest

from frametools.calls import log_calls

SOURCE = """
import functools

def parse(text): return text
def parse_all(*texts): return texts
def _private(n): return n

class Tree:
    def __init__(self, n): self.n = n
    def find(self, key): return key
    def find_all(self): return []
    @property
    def size(self): return self.n
    class Node:
        def find(self, key): return key

@functools.singledispatch
def show(value): return "any"
@show.register
def show_int(value: int): return "int"
"""


@pytest.fixture
def module() -> Any:
    """Give a module of its own."""
    new = types.ModuleType("app")
    exec(SOURCE, vars(new))
    return new


def run(module: Any) -> None:
    """Call all that the module has."""
    module.parse("a"), module.parse_all("a"), module._private(1)
    tree = module.Tree(3)
    tree.find("k"), tree.find_all(), tree.size, tree.Node().find("k")
    module.show("a"), module.show(1)


ALL = [
    *["parse", "parse_all", "_private", "Tree.__init__", "Tree.find", "Tree.find_all"],
    *["Tree.size", "Tree.Node.find", "show", "show_int"],
]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, ALL),
        ({"include": "parse*"}, ["parse", "parse_all"]),
        ({"include": ["Tree.*"], "exclude": "*.__init__"}, [*ALL[4:8]]),
        ({"include": ["*.find"]}, ["Tree.find", "Tree.Node.find"]),
        ({"exclude": ["_*", "Tree.*", "show"]}, ["parse", "parse_all", "show_int"]),
        ({"include": "Parse*", "exclude": None}, "no function of app fits include='P"),
        ({"include": []}, "include is empty: no function of app is meant"),
        ({"include": None, "exclude": "*"}, []),
    ],
)
def test_include_and_exclude(
    lines: list[str],
    module: Any,
    options: dict[str, Any],
    expected: list[str] | str,
) -> None:
    """Patterns of qualified names, upper and lower case told apart."""
    if isinstance(expected, str):
        with pytest.raises(ValueError, match=expected):
            log_calls(module, sink=lines.append, **options)
        return
    log_calls(module, sink=lines.append, **options)
    run(module)
    begun = [line.strip(" →").partition("(")[0] for line in lines if "→" in line]
    assert begun == expected
    log_calls.off(module)
    lines.clear()
    run(module)
    assert lines == []


def test_include_for_a_block(lines: list[str], module: Any) -> None:
    """`active` takes them too, and leaves everything as it was."""
    before = dict(vars(module.Tree)), dict(vars(module)), dict(module.show.registry)
    with log_calls.active(module, sink=lines.append, include="*.size", result=False):
        run(module)
    after = dict(vars(module.Tree)), dict(vars(module)), dict(module.show.registry)
    assert lines == ["→ Tree.size()", "← Tree.size()"]
    assert after == before


def test_include_for_a_function() -> None:
    """There is nothing to choose from."""
    with pytest.raises(TypeError, match="include and exclude are for classes, modules"):
        log_calls(run, include="r*")


class Tree:
    """Has two functions."""

    def grow(self) -> None:
        """Do nothing."""

    def cut(self) -> None:
        """Do nothing."""


@pytest.mark.parametrize(
    ("include", "instead"),
    [
        ("grow", "; did you mean 'Tree.grow'?"),
        (["Tree.grows", "x"], "; did you mean 'Tree.grow'?"),
        ("x*", "; it has 'Tree.cut', 'Tree.grow'"),
    ],
)
def test_include_that_fits_nothing(include: str | list[str], instead: str) -> None:
    """One line says that names are whole ones, and which there are."""
    with pytest.raises(ValueError, match="no function of Tree fits") as raised:
        log_calls(Tree, include=include)
    shown = repr(include).strip("[]")
    assert str(raised.value) == (
        f"log_calls: no function of Tree fits include={shown}, which is for "
        f"whole names, as fnmatch has patterns{instead}"
    )


@pytest.mark.parametrize(
    ("target", "what"),
    [
        (None, "None cannot be logged"),
        (int, "class int defines no function in Python"),
        (sys, "module sys defines no function in Python"),
        (type("Empty", (), {}), "class Empty defines no function in Python"),
    ],
)
@pytest.mark.parametrize("make", [log_calls, log_calls.active])
def test_what_cannot_be_logged(
    target: Any, what: str, make: Callable[..., object]
) -> None:
    """One line says so, and what can be: nothing is logged would be no answer."""
    with pytest.raises(TypeError, match=what) as raised:
        make(target)
    text = "; a callable, or a class or module that defines functions in Python, can"
    assert text in str(raised.value)
    assert "\n" not in str(raised.value)


def f(name: str, *rest: int, count: int = 1) -> None:
    """Take some."""


def g(name: str, **more: int) -> None:
    """Take any."""


class Both:
    """One of its functions has the parameter."""

    def first(self, number: int) -> None:
        """Take a number."""

    def second(self) -> None:
        """Take nothing."""


NAMES: list[tuple[Any, list[str], str]] = [
    (f, ["names"], "log_calls: f has no parameter 'names'; did you mean 'name'?"),
    (f, ["name", "cuont"], "f has no parameter 'cuont'; did you mean 'count'?"),
    (f, ["x"], "f has no parameter 'x'; it has 'name', 'count', 'rest'"),
    (Both, ["numbers"], "Both has no parameter 'numbers'; did you mean 'number'?"),
    (lambda: 0, ["x"], "<lambda> has no parameter 'x', nor any other"),
    (partial(f, "a"), ["names"], "f has no parameter 'names'; did you mean 'name'?"),
    (property(lambda self: 0), ["slf"], "parameter 'slf'; did you mean 'self'?"),
]


@pytest.mark.parametrize(("target", "names", "message"), NAMES)
@pytest.mark.parametrize("make", [log_calls, log_calls.active])
def test_unknown_parameters(
    target: Any, names: list[str], message: str, make: Callable[..., object]
) -> None:
    """A name that no function has is told of, with the one that is most like it."""
    with pytest.raises(ValueError, match="has no parameter") as raised:
        make(target, args=names)
    assert message in str(raised.value)


def test_known_parameters(lines: list[str]) -> None:
    """One function that has it is enough, `**kwargs` too, or parameters unknown."""
    log_calls(Both, sink=lines.append, args=["number", "self"])
    log_calls(g, sink=lines.append, args=["x"])
    log_calls(len, sink=lines.append, args=["x"])
    log_calls(f, sink=lines.append, args=["rest", "count"])
    Both().first(1)
    assert lines[0] == "→ Both.first(1)"


def test_off_and_active_of_what_has_no_calls() -> None:
    """One sentence, at once."""
    text = "an object of type int cannot be logged; a callable, or a class or module"
    with pytest.raises(TypeError, match=rf"^log_calls\.off: {text}"):
        log_calls.off(3)
    with pytest.raises(TypeError, match=rf"^log_calls\.active: {text}"):
        log_calls.active(3)
    with pytest.raises(TypeError, match="log_calls has no option 'colour'"):
        log_calls.active(f, colour=1)  # type: ignore[call-arg]


def test_a_dispatch(lines: list[str]) -> None:
    """Each implementation has its own lines; the function stays what it is."""

    @singledispatch
    def show(value: object) -> str:
        return "any"

    @show.register
    def show_int(value: int) -> str:
        return "int"

    assert log_calls(show, sink=lines.append) is show
    assert (show("a"), show(1)) == ("any", "int")
    assert [line for line in lines if "→" in line] == ["→ show('a')", "→ show_int(1)"]
    log_calls.off(show)
    lines.clear()
    show("a"), show(1)
    block: AbstractContextManager[None] = log_calls.active(show, sink=lines.append)
    with block:
        show(1)
    show(1)
    assert lines == ["→ show_int(1)", "← show_int(1) = 'int'"]
