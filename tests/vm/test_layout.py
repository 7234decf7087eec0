"""vm.layout: the map of localsplus, and the sizes that CPython has."""

from __future__ import annotations

import ctypes
import sys
import types
from typing import TYPE_CHECKING, Any

import pytest

from frametools import vm
from frametools._python import FRAME_HEADER_SLOTS
from frametools.vm.localsplus import WORD

if TYPE_CHECKING:
    from frametools.vm.localsplus import Slot


def plain(a, b):
    """The example of seeds/000, section 28.30."""
    c = a + b
    return c  # noqa: RET504


def outer(a, /, b, *args, k, **kw):
    """Every kind of parameter, and cells."""
    inside = 1
    hidden = 2

    def inner(x):
        y = x + a + inside
        return y  # noqa: RET504

    return inner, hidden


def generator(a, b):
    """Suspended, it holds its frame."""
    c = yield a
    yield [a, b, c, a, b]


def kinds(slots: tuple[Slot, ...]) -> list[tuple[int, str, str, str]]:
    """Describe slots."""
    return [(slot.position, slot.name, slot.kind, slot.parameter) for slot in slots]


def test_locals_and_stack() -> None:
    """The locals come first, then the value stack: seeds/000, section 28.30."""
    found = vm.layout(plain)
    assert kinds(found.slots) == [
        (0, "a", "fast local", "positional"),
        (1, "b", "fast local", "positional"),
        (2, "c", "fast local", ""),
    ]
    assert found.stack == range(3, 3 + plain.__code__.co_stacksize)


def test_cells_and_free_variables() -> None:
    """Locals, cells, free variables; a parameter that is a cell keeps its place."""
    found = vm.layout(outer)
    assert kinds(found.slots) == [
        (0, "a", "fast local, becomes a cell", "positional-only"),
        (1, "b", "fast local", "positional"),
        (2, "k", "fast local", "keyword-only"),
        (3, "args", "fast local", "*"),
        (4, "kw", "fast local", "**"),
        (5, "hidden", "fast local", ""),
        (6, "inner", "fast local", ""),
        (7, "inside", "cell", ""),
    ]
    assert [slot.name for slot in found.cells] == ["a", "inside"]
    inner = vm.layout(outer(1, 2, k=3)[0])
    assert kinds(inner.free) == [
        (2, "a", "free variable", ""),
        (3, "inside", "free variable", ""),
    ]


@pytest.mark.parametrize(
    "function", [plain, outer, generator, pytest.fixture, types.coroutine]
)
def test_names_are_those_of_the_code(function: Any) -> None:
    """Each index has the name that the interpreter's own error messages use."""
    co = function.__code__
    found = vm.layout(co)
    by_oparg = [co._varname_from_oparg(at) for at in range(found.nlocalsplus)]
    assert list(found.names) == by_oparg


def test_size_of_a_generator_s_frame() -> None:
    """A generator is as large as what it has before its frame, and the frame."""
    made = generator(1, 2)
    size = made.__sizeof__() - types.GeneratorType.__basicsize__
    assert size == vm.layout(generator).localsplus_bytes


def test_header_is_the_host_s() -> None:
    """Between the start of a frame and localsplus there are as many words as said."""
    marker = object()
    made = generator(marker, 2)
    words = (ctypes.c_size_t * (made.__sizeof__() // WORD)).from_address(id(made))
    at_globals = list(words).index(id(globals()))
    # f_func is before it in 3.11; f_executable, previous and f_funcobj are later.
    start = at_globals - (1 if sys.version_info < (3, 12) else 3)
    at_marker = next(at for at, word in enumerate(words) if word & ~3 == id(marker))
    assert at_marker - start == FRAME_HEADER_SLOTS
    assert at_marker * WORD == types.GeneratorType.__basicsize__


def test_text() -> None:
    """As text it is a heading, the sizes, and a row per slot."""
    code = compile("def f(a, b):\n    c = a + b\n    return c", "app.py", "exec")
    co = next(c for c in code.co_consts if isinstance(c, types.CodeType))
    header = FRAME_HEADER_SLOTS
    assert (
        str(vm.layout(co))
        == f"""\
f  app.py:1
frame       {header} + 3 + 2 = {header + 5} slots, {8 * (header + 5)} bytes
localsplus  5 slots, 40 bytes
    [0]      a  fast local: positional parameter
    [1]      b  fast local: positional parameter
    [2]      c  fast local
    [3...4]     value stack area"""
    )


def test_what_has_code() -> None:
    """Methods and what a VM has made of a function are taken; other things refused."""

    class Class:
        def method(self):
            return self

    assert vm.layout(Class().method).names == ("self",)
    assert vm.layout(vm.interpreted(plain)) == vm.layout(plain)
    with pytest.raises(TypeError, match="takes code or a function, not builtin"):
        vm.layout(len)
