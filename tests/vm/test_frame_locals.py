"""f_locals and locals(): snapshots and proxies, by version."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from frametools.vm.vm import VM

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType


def load(name: str) -> ModuleType:
    """Import a file beside this one."""
    path = Path(__file__).with_name(f"{name}.py")
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    # Pickle looks for the module of a function there.
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


functions = load("frame_functions")


@pytest.mark.parametrize("function", functions.LOCALS, ids=lambda f: f.__name__)
def test_agrees_with_plain_python(function: Callable[[], Any]) -> None:
    """What it returns in the VM is what it returns in plain Python."""
    assert VM().function(function)() == function()
