"""Instructions do what they do on the host: values, errors, warnings, lines."""

from __future__ import annotations

import contextlib
import io
import re
import sys
import traceback
import warnings
from pathlib import Path
from typing import Any

import pytest

import frametools.vm.lookasides  # noqa: F401  as when a program runs
from frametools.vm.host_instruction import host_code, perform
from frametools.vm.vm import VM

SNIPPETS = (Path(__file__).parent / "opcode_snippets.txt").read_text().split("---\n")
"""Programs that define `f`; some are of later versions only."""


def outcome(source: str, in_vm: bool) -> str:
    """Describe what `f()` does: result or error, output, warnings."""
    names: dict[str, Any] = {"__name__": "snippet"}
    exec(compile(source, "snippet.py", "exec", dont_inherit=True), names)
    function = VM().function(names["f"]) if in_vm else names["f"]
    shown = io.StringIO()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        with contextlib.redirect_stdout(shown):
            try:
                result: Any = function()
            except Exception as error:
                result = described(error)
    told = [(str(w.message), w.filename, w.lineno) for w in caught]
    return re.sub("0x[0-9a-f]+", "0x", repr((result, shown.getvalue(), told)))


def described(error: Exception) -> tuple[Any, ...]:
    """Describe an error: wording, attributes, context, and where it was."""
    entries = traceback.extract_tb(error.__traceback__)[1:]
    return (
        type(error).__name__,
        str(error),
        getattr(error, "name", None),
        repr(getattr(error, "obj", None)),
        repr(error.__context__),
        [(entry.name, entry.lineno, entry.colno) for entry in entries],
    )


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("source", SNIPPETS)
def test_as_on_the_host(source: str) -> None:
    """A function has the same result or error, output and warnings in the VM."""
    try:
        compile(source, "snippet.py", "exec", dont_inherit=True)
    except SyntaxError:
        pytest.skip("the syntax is of a later version")
    assert outcome(source, True) == outcome(source, False)


@pytest.mark.skipif(
    not hasattr(sys, "set_lazy_imports"), reason="there are no lazy imports"
)
def test_lazy_imports() -> None:
    """A lazy import is carried out when the name is used, by module or function."""
    source = """
def f():
    names = {"__name__": "lazily"}
    exec('''
import sys
sys.modules.pop("colorsys", None)
lazy import colorsys
lazy from this_is_not_there import anything
before = "colorsys" in sys.modules
def function():
    return colorsys.__name__
after = function(), "colorsys" in sys.modules, colorsys.rgb_to_hsv(0, 0, 0)
try:
    anything
except ImportError as error:
    after += (str(error),)
''', names)
    return names["before"], names["after"]
"""
    assert outcome(source, True) == outcome(source, False)


def test_bad_operands_are_refused() -> None:
    """The host's own instruction is never given what it would not check."""
    for opname, operands in {
        "LIST_EXTEND": ((), []),
        "SET_UPDATE": ([], []),
        "DICT_UPDATE": ([], {}),
        "DICT_MERGE": (1, 2, 3, 4, {}),
        "MATCH_KEYS": ({}, []),
        "MATCH_CLASS": (1, int, []),
    }.items():
        oparg = 0 if opname == "MATCH_KEYS" else 1
        with pytest.raises(SystemError, match="bad operand"):
            perform(opname, oparg, *operands)
        with pytest.raises(SystemError, match="takes"):
            perform(opname, oparg)


def test_unknown_instructions_are_refused() -> None:
    """Only instructions whose effect is known are executed alone."""
    with pytest.raises(KeyError):
        host_code("RETURN_GENERATOR", 0)


def test_long_opargs() -> None:
    """The smallest and the largest are well-formed, with EXTENDED_ARGs too."""
    assert perform("UNPACK_SEQUENCE", 0, []) == ()
    assert perform("UNPACK_SEQUENCE", 300, range(300)) == (*range(299, -1, -1),)
    unpacked = ("f", "e", ["b", "c", "d"], "a")
    assert perform("UNPACK_EX", 1 | 2 << 8, "abcdef") == unpacked
