"""Modules that a program in the VM imports are run by the VM."""

from __future__ import annotations

import importlib
import sys
import traceback
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from frametools.vm import Policy, call, importing
from frametools.vm.importing import _LOADERS, active
from frametools.vm.running import call_in
from frametools.vm.vm import VM

if TYPE_CHECKING:
    from collections.abc import Iterator

ASKS = """\
def who():
    return 1
"""


@pytest.fixture(autouse=True)
def nothing_active(monkeypatch: pytest.MonkeyPatch) -> None:
    """Other tests decorate functions, whose VM stays active."""
    monkeypatch.setattr(importing, "_active", [])
    importing._remove()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A place for modules, which are forgotten afterwards."""
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    before = set(sys.modules)
    yield tmp_path
    for name in set(sys.modules) - before:
        del sys.modules[name]


def is_run_by(vm: VM, function: Any) -> bool:
    """Tell if a function was made by a VM."""
    return vm.codes.get(id(function.__code__)) is not None


def test_module_is_run(folder: Path) -> None:
    """The functions of an imported module are the VM's own."""
    (folder / "asked_mod.py").write_text(ASKS)
    vm = VM()
    module = call_in(vm, importlib.import_module, ("asked_mod",), {})
    assert is_run_by(vm, module.who)
    assert module.who() == 1


def test_import_statement_and_package(folder: Path) -> None:
    """The statement does it too, for each module of a package."""
    (folder / "asked_pkg").mkdir()
    (folder / "asked_pkg/__init__.py").write_text(ASKS + "from . import sub\n")
    (folder / "asked_pkg/sub.py").write_text(ASKS)

    def program() -> Any:
        import asked_pkg  # type: ignore[import-not-found]

        return asked_pkg

    vm = VM()
    package = call_in(vm, program, (), {})
    assert is_run_by(vm, package.who)
    assert is_run_by(vm, package.sub.who)


def test_from_a_zip(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Modules of a zip file are run by the VM."""
    with zipfile.ZipFile(folder / "some.zip", "w") as archive:
        archive.writestr("asked_zip.py", ASKS)
    monkeypatch.syspath_prepend(folder / "some.zip")
    vm = VM()
    module = call_in(vm, importlib.import_module, ("asked_zip",), {})
    assert is_run_by(vm, module.who)


def test_native_by_policy(folder: Path) -> None:
    """A module that the policy leaves to the host is run by it."""
    (folder / "asked_nat.py").write_text(ASKS)
    vm = VM(Policy.of(native=["asked_nat"]))
    module = call_in(vm, importlib.import_module, ("asked_nat",), {})
    assert not is_run_by(vm, module.who)


def test_traceback_is_the_host_s(folder: Path) -> None:
    """A failing import has the frames that it has in plain Python, and no other."""
    (folder / "asked_bad.py").write_text("import asked_worse\n")
    (folder / "asked_worse.py").write_text("x = 1\nx.nothing\n")

    def program() -> str:
        try:
            import asked_bad  # type: ignore[import-not-found]
        except AttributeError:
            return traceback.format_exc()
        return str(asked_bad)

    expected = program()
    assert call(program) == expected
    assert "asked_worse" in expected


def test_caught_natively(folder: Path) -> None:
    """What native code catches has no frame of ours between the import's and its."""
    (folder / "asked_bad.py").write_text("1 / 0\n")
    found = []
    for run in (lambda: importlib.import_module("asked_bad"), None):
        with pytest.raises(ZeroDivisionError) as caught:
            run() if run else call(importlib.import_module, "asked_bad")
        names = [
            frame.f_code.co_filename
            for frame, _line in traceback.walk_tb(caught.tb)
            if frame.f_code.co_filename != __file__
        ]
        found.append([name for name in names if "asked" in name or "vm" in name])
    assert found[0] == [str(folder / "asked_bad.py")]
    assert found[1][-1] == found[0][0]


def test_nothing_is_left() -> None:
    """The import system is as it was when no VM is active."""

    def program() -> list[bool]:
        return ["exec" in vars(sys.modules[name]) for name in _LOADERS]

    assert call(program) == [True, True]
    assert program() == [False, False]


def test_blocks_need_not_be_nested() -> None:
    """Blocks of threads end in any order."""
    first, second = active(VM()), active(VM())
    with first:
        second.__enter__()
    assert "exec" in vars(sys.modules[_LOADERS[0]])
    second.__exit__()
    assert "exec" not in vars(sys.modules[_LOADERS[0]])
