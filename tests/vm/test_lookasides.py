"""Builtins that read frames answer about the VM's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import lookaside_programs
import pytest
from listing import programs

from frametools.vm.vm import VM

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.mark.parametrize(
    "function", programs(lookaside_programs), ids=lambda f: f.__name__
)
def test_agrees_with_plain_python(function: Callable[[], Any]) -> None:
    """What it returns in the VM is what it returns in plain Python."""
    assert VM().function(function)() == function()
