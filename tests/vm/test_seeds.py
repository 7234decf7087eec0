"""What the seeds say of frames, checked in the VM; docs/vm.md tells what differs."""

from __future__ import annotations

import dis
import io
from contextlib import redirect_stdout
from typing import Any

from frametools import vm

# seeds/000, section 28.35, without its call at the end.
PRINT_STACK = """\
import sys

def print_stack():
    frame = sys._getframe()
    while frame is not None:
        print(frame.f_code.co_name, frame.f_lineno)
        frame = frame.f_back

def c():
    print_stack()

def b():
    c()

def a():
    b()

a()
"""


def f(a, b, c):
    """The function of section 28.10."""
    return (a + b) * c


def rows() -> list[tuple[str, tuple[str | None, ...], Any]]:
    """The table of section 28.10: instruction, stack before, stack after."""
    found = []
    for step in vm.steps(f, 2, 3, 4):
        shown = step.instruction
        after = step.frames[-1].stack if step.frames else "return"
        found.append((f"{shown.opname} {shown.argrepr}", step.before.stack, after))
    return found


def without_variants(opname: str) -> str:
    """LOAD_FAST_BORROW and LOAD_FAST do the same to the stack."""
    return opname.replace("_BORROW", "")


def test_value_stack() -> None:
    """Section 28.10: the stack before and after each instruction of f(a, b, c).

    The seed has one LOAD_FAST per name. From 3.13 on the compiler makes one
    instruction of the first two; RESUME, which the seed leaves out, comes first.
    """
    first = [("LOAD_FAST a", (), ("2",)), ("LOAD_FAST b", ("2",), ("2", "3"))]
    if "LOAD_FAST_LOAD_FAST" in dis.opmap:
        first = [("LOAD_FAST_LOAD_FAST a, b", (), ("2", "3"))]
    observed = [(without_variants(name), *rest) for name, *rest in rows()]
    assert [(name.strip(), *rest) for name, *rest in observed] == [
        ("RESUME", (), ()),
        *first,
        ("BINARY_OP +", ("2", "3"), ("5",)),
        ("LOAD_FAST c", ("5",), ("5", "4")),
        ("BINARY_OP *", ("5", "4"), ("20",)),
        ("RETURN_VALUE", ("20",), "return"),
    ]


def test_layout() -> None:
    """Section 28.30: [0] a, [1] b, [2] c, [3...] value stack area."""

    def example(a, b):
        c = a + b
        return c  # noqa: RET504

    found = vm.layout(example)
    assert [(slot.position, slot.name) for slot in found.slots] == [
        (0, "a"),
        (1, "b"),
        (2, "c"),
    ]
    assert found.stack.start == 3


def test_order_of_localsplus() -> None:
    """Section 28.30: fast locals, cell variables, free variables, value stack.

    A parameter that is a cell variable is not moved: it stays among the fast locals.
    """

    def outer(parameter):
        cell = parameter

        def inner(argument):
            local = argument
            return cell, parameter, local

        return inner

    slots = vm.layout(outer).slots
    assert [(slot.name, slot.kind) for slot in slots] == [
        ("parameter", "fast local, becomes a cell"),
        ("inner", "fast local"),
        ("cell", "cell"),
    ]
    slots = vm.layout(outer(1)).slots
    assert [(slot.name, slot.kind) for slot in slots] == [
        ("argument", "fast local"),
        ("local", "fast local"),
        ("cell", "free variable"),
        ("parameter", "free variable"),
    ]


def test_print_stack() -> None:
    """Section 28.35: the chain is print_stack, c, b, a, <module>, with these lines.

    The line of print_stack's own frame is that of the `print`, 6.
    """
    printed = io.StringIO()
    with redirect_stdout(printed):
        vm.call(compile(PRINT_STACK, "stack.py", "exec"))
    assert printed.getvalue().splitlines()[:5] == [
        "print_stack 6",
        "c 10",
        "b 13",
        "a 16",
        "<module> 18",
    ]
