"""Frame objects: what they show, refuse, and keep."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import frame_programs
import pytest
from listing import programs

from frametools.vm import accessors
from frametools.vm.frame_object import of_twin
from frametools.vm.policy import Policy
from frametools.vm.vm import VM

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.mark.parametrize("function", programs(frame_programs), ids=lambda f: f.__name__)
def test_agrees_with_plain_python(function: Callable[[], Any]) -> None:
    """What it returns in the VM is what it returns in plain Python."""
    assert VM().function(function)() == function()


def test_twin_leads_to_the_frame() -> None:
    """A traceback that left the VM shows frames whose objects the VM knows."""

    def fails() -> None:
        raise ValueError(1)

    with pytest.raises(ValueError, match="1") as caught:
        VM().function(fails)()
    entry = caught.value.__traceback__
    while entry.tb_next is not None:  # type: ignore[union-attr]
        entry = entry.tb_next  # type: ignore[union-attr]
    found = of_twin(entry.tb_frame)  # type: ignore[union-attr]
    assert found is not None
    assert found.f_code is fails.__code__


def test_accessors() -> None:
    """The functions of the C API answer as the attributes do."""
    held = 5

    def asks(ask: Callable[[Any], Any]) -> Any:
        return ask(sys._getframe()), held

    def ask(frame: Any) -> list[Any]:
        return [
            accessors.PyFrame_GetCode(frame) is asks.__code__,
            accessors.PyFrame_GetBack(frame),
            accessors.PyFrame_GetLineNumber(frame) == frame.f_lineno,
            accessors.PyFrame_GetLasti(frame) == frame.f_lasti,
            sorted(accessors.PyFrame_GetLocals(frame)),
            accessors.PyFrame_GetGlobals(frame) is globals(),
            accessors.PyFrame_GetBuiltins(frame)["len"] is len,
            accessors.PyFrame_GetGenerator(frame),
            accessors.PyFrame_GetVar(frame, "held"),
            accessors.PyFrame_GetVarString(frame, b"ask") is ask,
        ]

    vm = VM(Only(asks))
    expected = [True, None, True, True, ["ask", "held"], True, True, None, 5, True]
    assert vm.function(asks)(ask) == (expected, 5)


class Only(Policy):
    """A policy: the VM runs one function."""

    def __init__(self, function: Callable[..., Any]) -> None:
        super().__init__()
        self.code = function.__code__

    def runs(self, function: Callable[..., Any]) -> bool:
        """Say if it is that one."""
        return function.__code__ is self.code


def test_variable_that_is_not_there() -> None:
    """PyFrame_GetVar says so as the host does."""

    def own() -> Any:
        return sys._getframe()

    frame = VM().function(own)()
    with pytest.raises(NameError, match="variable 'other' does not exist"):
        accessors.PyFrame_GetVar(frame, "other")
    with pytest.raises(TypeError, match="a frame of the VM is needed"):
        accessors.PyFrame_GetCode(sys._getframe())  # type: ignore[arg-type]
