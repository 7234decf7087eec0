"""Frames of libraries: a line each, folded, or in full; and short names of files."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest

import tests
from frametools import tracebacks
from frametools.snapshot import TracebackSnapshot
from frametools.tracebacks import EnhancedError, enhanced_traceback
from frametools.tracebacks.libraries import Libraries, short_name
from tests.tracebacks.programs import failure, note, program, raised

WEB = "/venv/lib/python3.13/site-packages/web/app.py"
WIRE = "/usr/lib/python3/dist-packages/wire.py"


def call_back(**names: Any) -> BaseException:
    """Give the error of a function that two libraries call."""
    wire = program("def send(f):\n    inner = 1\n    return f(inner)\n", WIRE)
    web = program(
        "def serve(f):\n    app = 2\n    return send(f)\n", WEB, send=wire["send"]
    )
    source = """
        def main():
            thing = Thing()
            serve(view)

        def view(x):
            y = Thing()
            return x / 0
    """
    return failure(source, serve=web["serve"], **names)


def test_a_librarys_frames_are_a_line_each() -> None:
    """No source, no variables; the program's own are shown in full."""
    exc = call_back()
    assert tracebacks.format(exc) == tracebacks.format(exc, library="line")
    lines = [x for x in tracebacks.format(exc).splitlines() if "^" not in x]
    assert lines == [
        "Traceback (most recent call last):",
        '  File "app.py", line 3, in main',
        "    serve(view)",
        "      thing = Thing()",
        f'  File "{WEB}", line 3, in serve',
        f'  File "{WIRE}", line 3, in send',
        '  File "app.py", line 7, in view',
        "    return x / 0",
        "      x = 1",
        "      y = Thing()",
        "ZeroDivisionError: division by zero",
    ]


def test_they_may_be_folded_or_shown_in_full() -> None:
    """Folded they are counted, with the names of their packages."""
    exc = call_back()
    text = tracebacks.format(exc, library="fold")
    assert "      thing = Thing()\n  ... 2 frames of web, wire ...\n  File" in text
    full = tracebacks.format(exc, library="full")
    assert "    return send(f)\n" in full
    assert "      app = 2\n" in full


@pytest.mark.parametrize("library", ["line", "fold"])
def test_the_frame_that_raised_is_shown_in_full(library: Any) -> None:
    """Also if it is a library's: json's, here; of a run of one nothing is folded."""
    exc = failure("def main():\n    t = Thing()\n    json.loads('x')\n", json=json)
    text = tracebacks.format(exc, library=library)
    assert "      s = 'x'\n      idx = 0\n" in text
    assert "_default_decoder.decode(s)" not in text
    assert text.count("\n    raise JSONDecodeError") == 1


def test_notes_have_a_line_for_a_librarys_frame() -> None:
    """With its name from the package on; folded, the innermost comes first."""
    block = enhanced_traceback(callers=False)
    shown = note(raised(block(call_back_raising)))
    assert (
        "      y = Thing()\n"
        "  send (wire.py:3)\n"
        "  serve (web/app.py:3)\n"
        "  main (app.py:3)\n"
        "      thing = Thing()\n"
    ) in shown
    block = enhanced_traceback(callers=False, library="fold")
    shown = note(raised(block(call_back_raising)))
    assert "Thing()\n  ... 2 frames of wire, web ...\n  main (app.py:3)\n" in shown


def call_back_raising() -> None:
    """Raise what `call_back` gives."""
    raise call_back()


def test_raise_from_names_a_librarys_frame() -> None:
    """Its variables were not read, so none are claimed."""
    block = enhanced_traceback(callers=False, raise_from=EnhancedError)
    text = str(raised(block(call_back_raising)))
    assert "  Frame: serve (web/app.py:3)\n" in text
    assert "  Frame: main - locals: {'thing': Thing()}\n" in text


def test_modules_and_paths_may_be_suppressed(tmp_path: Path) -> None:
    """They are taken for a library: a module, its name, a file, a folder."""
    exc = failure("def main():\n    t = Thing()\n    f()\n", f=failing)
    module, here = sys.modules[__name__], Path(__file__)
    for each in (module, __name__, tests, __file__, here, here.parent):
        text = tracebacks.format(exc, suppress=[each])
        assert ", in failing\n  File" in text
    assert "      text = " in tracebacks.format(exc, suppress=[tmp_path])


def failing() -> None:
    """Fail in the standard library."""
    text = "{'"
    json.loads(text)


def test_to_dict_keeps_all_frames_and_marks_a_librarys() -> None:
    """Folding is a matter of the text; the snapshot can be made of it again."""
    exc = call_back()
    data = tracebacks.to_dict(exc, library="fold")
    names = [(x["code"][0], x.get("is_library")) for x in data["frames"]]
    expected = [("main", None), ("serve", True), ("send", True), ("view", None)]
    assert names == expected
    assert "locals" not in data["frames"][1]
    assert TracebackSnapshot.from_dict(data) == tracebacks.capture(exc)
    full = tracebacks.to_dict(exc, library="full")
    assert full["frames"][1]["is_library"]
    assert full["frames"][1]["locals"][1]["name"] == "app"


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"library": "hide"}, 'tracebacks: library is "line", "fold" or "full"'),
        ({"library": []}, 'tracebacks: library is "line", "fold" or "full"'),
        ({"suppress": "json"}, "tracebacks: suppress is a list or set of modules"),
        ({"suppress": [7]}, "tracebacks: suppress is a list or set of modules"),
        ({"width": 5}, "tracebacks: width is a number of columns, 20 or more"),
    ],
    ids=[f"case{number}" for number in range(5)],
)
def test_wrong_options_are_told(options: Any, says: str) -> None:
    """In one sentence."""
    with pytest.raises(TypeError, match=says):
        tracebacks.format(ValueError(), **options)


def test_which_files_are_a_librarys() -> None:
    """The standard library's, frozen or not, and what was installed."""
    have = Libraries()
    theirs = (WEB, WIRE, json.__file__, "<frozen importlib._bootstrap>")
    ours = ("app.py", __file__, "<string>", "<stdin>", "")
    assert [have[path] for path in theirs + ours] == [True] * 4 + [False] * 5


def test_names_are_short(monkeypatch: pytest.MonkeyPatch) -> None:
    """From the package on, or from the current directory."""
    monkeypatch.chdir(Path(__file__).parents[1])
    assert short_name(WEB) == "web/app.py"
    assert short_name(json.__file__) == "json/__init__.py"
    assert short_name(__file__) == os.path.join("tracebacks", "test_libraries.py")
    venv = os.path.join(os.getcwd(), ".venv", "lib", "site-packages", "a", "b.py")
    assert short_name(venv) == "a/b.py"


def test_a_long_run_names_three_packages() -> None:
    """The rest are only counted."""
    step = "def step(rest):\n    return rest[0](rest[1:]) if rest else 1 / 0\n"
    steps = [program(step, f"/x/site-packages/{name}.py")["step"] for name in "abcd"]
    exc = failure(
        "def main():\n    t = Thing()\n    steps[0](steps[1:] + [end])\n"
        "def end(rest):\n    1 / 0\n",
        steps=steps,
    )
    text = tracebacks.format(exc, library="fold")
    assert "  ... 4 frames of a, b, c and others ...\n" in text
