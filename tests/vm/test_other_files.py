"""What CPython's other test files found: the VM against plain Python."""

from __future__ import annotations

import gc
import importlib.util
import re
import subprocess
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from frametools.vm.vm import VM

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType


def load(vm: VM | None) -> ModuleType:
    """Import the programs; with a VM, as it would."""
    path = Path(__file__).with_name("other_file_programs.py")
    spec = importlib.util.spec_from_file_location("other_file_programs", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for name, value in vars(module).copy().items():
        if vm is not None and getattr(value, "__module__", "") == module.__name__:
            setattr(module, name, vm.function(value))
    return module


NATIVE = load(None)
PROGRAMS = [
    name
    for name, value in vars(NATIVE).items()
    if getattr(value, "__module__", "") == NATIVE.__name__
    and not value.__code__.co_argcount
    and not value.__code__.co_flags & 0x2A0
]


def seen(program: Callable[[], Any]) -> str:
    """Return what a program saw, without addresses; no garbage of ours ends in it."""
    gc.collect()
    gc.disable()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return re.sub(r"0x[0-9a-f]+", "0x", repr(program()))
    finally:
        gc.enable()


@pytest.mark.parametrize("name", PROGRAMS)
def test_as_the_host(name: str) -> None:
    """A program sees the same in the VM as natively."""
    expected = seen(getattr(NATIVE, name))
    assert seen(getattr(load(VM()), name)) == expected


def test_dis_sees_the_program() -> None:
    """Modules that the VM uses itself are imported anew by a program."""
    program = "import dis; f = lambda: 1; print(dis.Bytecode(f).codeobj is f.__code__)"
    words = [sys.executable, "-m", "frametools.vm", "-c", program]
    assert subprocess.check_output(words, text=True) == "True\n"
