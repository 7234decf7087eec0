"""The position of one instruction is that of `co_positions()`."""

from __future__ import annotations

import argparse
import inspect
import textwrap
import traceback
from collections.abc import Iterator
from types import CodeType, ModuleType

import pytest

from frametools._positions import position, searched
from tests.tracebacks import test_carets


def codes(code: CodeType) -> Iterator[CodeType]:
    """Yield a code object, and all that are in it."""
    yield code
    for each in code.co_consts:
        if isinstance(each, CodeType):
            yield from codes(each)


@pytest.mark.parametrize("module", [argparse, traceback, textwrap, test_carets])
def test_positions_are_those_of_python(module: ModuleType) -> None:
    """Of each instruction, short and long, of one line, of several and of none."""
    whole = compile(inspect.getsource(module), "module.py", "exec")
    for code in codes(whole):
        for unit, known in enumerate(code.co_positions()):
            assert position(code, unit * 2, known[0]) == known


def test_what_is_not_known() -> None:
    """A place before the first instruction, and one behind the last."""
    code = codes.__code__
    first = next(code.co_positions())
    assert position(code, -1, 5) == first
    assert position(code, len(code.co_code), None) == (None, None, None, None)
    assert searched(code, len(code.co_code)) == (None, None, None, None)


def test_without_columns() -> None:
    """As under -X no_debug_ranges: the line alone."""
    code = compile("x = 1\ny = 2\n", "f.py", "exec")
    # one entry of kind 13, one line later, for each of the instructions
    table = bytes([0b1_1101_000, 2]) * (len(code.co_code) // 2)
    bare = code.replace(co_linetable=table)
    known = list(bare.co_positions())
    assert known[0][2] is None
    assert [position(bare, at * 2, line) for at, (line, *_) in enumerate(known)] == (
        known
    )
