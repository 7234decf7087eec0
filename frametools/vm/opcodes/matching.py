"""Patterns: the host's own instructions, for what makes a sequence or mapping."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from frametools.vm.host_instruction import perform
from frametools.vm.instruction import inst

if TYPE_CHECKING:
    from frametools.vm.frame import InterpreterFrame

    Frame = InterpreterFrame
    Stack = list[Any]


@inst("MATCH_MAPPING", "subject -- subject, res")
def match_mapping(_frame: Frame, stack: Stack, _oparg: int) -> None:
    """Push if the subject is a mapping: its type has Py_TPFLAGS_MAPPING."""
    stack.append(perform("MATCH_MAPPING", 0, stack[-1])[1])


@inst("MATCH_SEQUENCE", "subject -- subject, res")
def match_sequence(_frame: Frame, stack: Stack, _oparg: int) -> None:
    """Push if the subject is a sequence: its type has Py_TPFLAGS_SEQUENCE."""
    stack.append(perform("MATCH_SEQUENCE", 0, stack[-1])[1])


@inst("MATCH_KEYS", "subject, keys -- subject, keys, values_or_none")
def match_keys(_frame: Frame, stack: Stack, _oparg: int) -> None:
    """Push the values of all keys in a tuple, or None if one is missing."""
    stack.append(perform("MATCH_KEYS", 0, stack[-2], stack[-1])[2])


@inst("MATCH_CLASS", "subject, type, names -- attrs")
def match_class(_frame: Frame, stack: Stack, oparg: int) -> None:
    """Push the attributes that a class pattern names in a tuple, or None.

    The first oparg of them are positional, as `__match_args__` says.
    """
    stack[-3:] = (perform("MATCH_CLASS", oparg, *stack[-3:]),)
