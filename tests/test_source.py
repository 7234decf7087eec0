"""Source lines, and whether they are still those that ran."""

from __future__ import annotations

import importlib
import os
import py_compile
import sys
import time
import zipfile
from typing import TYPE_CHECKING

import pytest

from frametools import _source

if TYPE_CHECKING:
    from pathlib import Path

HOUR = 3600.0


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """Write a program of three lines, an hour ago."""
    path = tmp_path / "program.py"
    path.write_text("a = 1\n\nb = 2  # é\n", encoding="utf-8")
    os.utime(path, (time.time() - HOUR, time.time() - HOUR))
    return path


def test_lines_are_numbered_from_1(program: Path) -> None:
    """A line comes without its end; what is outside the file is nothing."""
    name = str(program)
    assert _source.line(name, 1) == "a = 1"
    assert _source.line(name, 3) == "b = 2  # é"
    assert _source.lines(name, 1, 3) == ["a = 1", "", "b = 2  # é"]
    assert [_source.line(name, number) for number in (-1, 0, 4)] == ["", "", ""]


def test_the_lines_are_those_of_now(program: Path) -> None:
    """A file that changed is read again."""
    assert _source.line(str(program), 1) == "a = 1"
    program.write_text("other = 1\n")
    assert _source.line(str(program), 1) == "other = 1"


def test_a_line_is_bounded(program: Path) -> None:
    """Of a minified line only the beginning is shown."""
    program.write_text("x" * 1_000_000)
    assert len(_source.line(str(program), 1)) == _source.LIMIT


@pytest.mark.parametrize("name", ["<string>", "<stdin>", "/no/such.py", "a\0b", ""])
def test_what_cannot_be_read_has_no_lines(name: str) -> None:
    """No file, no line, no error."""
    assert _source.line(name, 1) == ""


def test_lines_inside_a_zip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The loader of a module in a zip gives its lines."""
    archive = tmp_path / "app.zip"
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("zipped_for_test.py", "answer = 42\n")
    monkeypatch.syspath_prepend(str(archive))
    module = importlib.import_module("zipped_for_test")
    monkeypatch.delitem(sys.modules, "zipped_for_test")
    monkeypatch.setitem(sys.modules, "zipped_for_test", module)
    assert module.__file__ is not None
    assert _source.line(module.__file__, 1) == "answer = 42"
    assert _source.note(module.__file__, time.time()) == ""


def test_lines_of_frozen_modules() -> None:
    """Frozen modules of the standard library have their files."""
    assert _source.lines("<frozen os>", 1, 1000)[0].startswith('r"""OS routines')
    assert _source.line("<frozen nothing>", 1) == ""
    assert _source.note("<frozen os>", time.time()) == ""


def test_a_file_that_is_as_it_was_needs_no_note(program: Path) -> None:
    """An old file is what ran."""
    assert _source.note(str(program), time.time() + 1) == ""


def test_a_file_that_changed_is_noted(program: Path) -> None:
    """A file that was written after the process began may not be what ran."""
    program.write_text("c = 3\n")
    assert _source.note(str(program), time.time() - 60) == "changed since it ran"


def test_a_file_that_was_compiled_as_it_is_needs_no_note(program: Path) -> None:
    """Bytecode of just this source shows that a young file is the one imported."""
    program.write_text("c = 3\n")
    py_compile.compile(str(program), doraise=True)
    assert _source.note(str(program), time.time() - 60) == ""


def test_a_file_replaced_by_an_older_one_is_noted(program: Path) -> None:
    """A change that keeps an old time is seen in size and time of the bytecode."""
    py_compile.compile(str(program), doraise=True)
    program.write_text("other = 4\n")
    os.utime(program, (time.time() - HOUR, time.time() - HOUR))
    assert _source.note(str(program), time.time() - 60) == "changed since it ran"


def test_a_file_whose_rights_changed_needs_no_note(program: Path) -> None:
    """Without bytecode a newer status alone says nothing of the lines."""
    program.chmod(0o600)
    assert _source.note(str(program), time.time() - 60) == ""


def test_damaged_bytecode_is_ignored(program: Path) -> None:
    """Bytecode that is cut short says nothing."""
    cached = py_compile.compile(str(program), doraise=True)
    assert cached is not None
    with open(cached, "wb") as file:
        file.write(b"\0")
    assert _source.note(str(program), time.time() - 60) == ""


def test_a_file_that_is_gone_is_noted() -> None:
    """A missing file is said to be missing; text that never was a file is not."""
    assert _source.note("/no/such/program.py", 0) == "not found"
    assert _source.note("<string>", 0) == ""


def test_all_lines_of_a_file(program: Path) -> None:
    """With their ends, from the file or from a loader; nothing if there is none."""
    assert _source.all_lines(str(program)) == ["a = 1\n", "\n", "b = 2  # é\n"]
    assert _source.all_lines("/no/such.py") == []
    assert _source.all_lines("<made up>", {}, compile("1", "<made up>", "exec")) == []
    assert _source.all_lines("<frozen os>")[0].startswith('r"""OS routines')
