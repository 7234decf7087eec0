"""Source: exec'd, zipped, frozen, missing, changed; and locals that are later."""

from __future__ import annotations

import importlib
import linecache
import os
import sys
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest

from frametools import tracebacks
from frametools.tracebacks import changed
from tests.tracebacks.programs import Thing, failure, raised, without_carets

CODE = "def main():\n    thing = Thing()\n    return 1 / 0\n"
CHANGED = "the file has changed since: this may not be the line that ran"


def imported(name: str) -> Any:
    """Import a module anew and give it a Thing."""
    sys.modules.pop(name, None)
    importlib.invalidate_caches()
    module = importlib.import_module(name)
    module.Thing = Thing  # type: ignore[attr-defined]
    return module


@pytest.fixture
def module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Import a module from a file that is older than this process."""
    (tmp_path / "old_module.py").write_text(CODE)
    long_ago = time.time() - 1e6
    os.utime(tmp_path / "old_module.py", (long_ago, long_ago))
    monkeypatch.syspath_prepend(str(tmp_path))
    yield imported("old_module")
    del sys.modules["old_module"]


def test_a_file_that_changed_is_said_to_have(module: Any) -> None:
    """The line shown may be another one than ran."""
    exc = raised(module.main)
    Path(module.__file__).write_text("# a comment\n" + CODE)
    text = tracebacks.format(exc)
    assert f"    thing = Thing()\n      ({CHANGED})\n" in text
    assert tracebacks.to_dict(exc)["frames"][-1]["has_changed"] is True


def test_a_file_that_changed_elsewhere_is_not(module: Any) -> None:
    """Code that is still the same at the same place is not warned of."""
    exc = raised(module.main)
    Path(module.__file__).write_text(CODE + "\n\ndef other():\n    pass\n")
    text = tracebacks.format(exc)
    assert "    return 1 / 0\n" in text
    assert CHANGED not in text


def test_a_young_file_that_is_as_it_was_is_not(module: Any) -> None:
    """Written by the program, then imported: nothing has changed."""
    exc = raised(module.main)
    os.utime(module.__file__)
    assert changed.compiled(module.__file__, [CODE]) is not None
    assert CHANGED not in tracebacks.format(exc)


@pytest.mark.parametrize("text", ["def broken(:\n", "# " + "x" * 1_000_000 + "\n"])
def test_of_a_file_that_cannot_be_compared_nothing_is_said(
    module: Any, text: str
) -> None:
    """Half an edit or a template does not compile; and a long one would take 1 s."""
    exc = raised(module.main)
    Path(module.__file__).write_text(CODE + text)
    assert CHANGED not in tracebacks.format(exc)


def test_a_file_that_is_gone_shows_no_line(module: Any) -> None:
    """Place and variables are there all the same."""
    exc = raised(module.main)
    Path(module.__file__).unlink()
    linecache.clearcache()
    assert tracebacks.format(exc).endswith(
        f'  File "{module.__file__}", line 3, in main\n'
        "      thing = Thing()\n"
        "ZeroDivisionError: division by zero\n"
    )


def test_lines_inside_a_zip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The loader of the module has them."""
    with zipfile.ZipFile(tmp_path / "app.zip", "w") as file:
        file.writestr("zipped_app.py", CODE)
    monkeypatch.syspath_prepend(str(tmp_path / "app.zip"))
    module = imported("zipped_app")
    assert "    return 1 / 0\n" in tracebacks.format(raised(module.main))
    del sys.modules["zipped_app"]


def test_code_without_a_file() -> None:
    """What was exec'd has a name and variables, and no line."""
    space: dict[str, Any] = {"Thing": Thing}
    exec(compile(CODE, "<made up>", "exec"), space)
    assert tracebacks.format(raised(space["main"])).endswith(
        '  File "<made up>", line 3, in main\n'
        "      thing = Thing()\n"
        "ZeroDivisionError: division by zero\n"
    )


def test_frozen_modules_have_their_lines() -> None:
    """The importer's frames show the lines of its file."""
    exc = raised(importlib._bootstrap._find_and_load, "no.such", None)  # type: ignore[attr-defined]
    frames = tracebacks.capture(exc).frames
    assert frames[-1].code.filename == "<frozen importlib._bootstrap>"
    assert frames[-1].source


def test_locals_that_are_later_say_so() -> None:
    """A function that went on after it had caught the error shows what is there now."""
    exc = failure("""
        def main():
            raise keep()

        def keep():
            thing, saved, y = Thing(), None, "before"
            try:
                1 / 0
            except ZeroDivisionError as error:
                saved = error
            y = "after"
            return saved
    """)
    text = without_carets(tracebacks.format(exc, show_locals=True))
    assert (
        "    1 / 0\n"
        "      (the variables are as of line 11, later than the line above)\n"
        "      thing = Thing()\n"
        "      saved = ZeroDivisionError('division by zero')\n"
        "      y = 'after'\n"
    ) in text


def test_locals_of_the_moment_say_nothing() -> None:
    """The frames that an error left without a stop are as they were."""
    assert "later" not in tracebacks.format(failure(CODE))
