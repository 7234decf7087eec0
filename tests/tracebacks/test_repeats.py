"""A frame that stands at several places: its variables are shown at one of them."""

from __future__ import annotations

from typing import Any

import pytest

from frametools import tracebacks
from frametools._python import HAS_LOCALS_PROXY
from frametools.tracebacks import EnhancedError, enhanced_traceback
from tests.tracebacks.programs import failure, note, program, raised

AGAIN = """
    def main():
        thing = Thing()
        try:
            inner()
        except ValueError as error:
            handle(error)

    def handle(error):
        raise error

    def inner():
        raise ValueError(5)
"""
CHAINED = """
    def main():
        thing = Thing()
        try:
            {}["a"]
        except KeyError:
            raise RuntimeError("no a")
"""


def test_a_traceback_that_comes_by_twice_shows_a_frame_once() -> None:
    """As of Flask's `wsgi_app`, which hands the error to a function that raises it."""
    exc = failure(AGAIN)
    lines = tracebacks.format(exc).splitlines()
    assert lines.count("      thing = Thing()") == 1
    at = lines.index('  File "app.py", line 4, in main')
    assert "      (the same frame as at line 6, above)" in lines[at : at + 4]


def test_what_an_exception_came_from_refers_to_its_frames() -> None:
    """The last exception is read first, so it has them."""
    lines = tracebacks.format(failure(CHAINED)).splitlines()
    assert lines.count("      thing = Thing()") == 1
    below = lines.index("      (the same frame as at line 6, below)")
    assert below < lines.index("      thing = Thing()")
    assert not any("the variables are as of" in line for line in lines)


def test_members_of_a_group_refer_to_its_frames() -> None:
    """They are shown behind it."""
    exc = failure("""
        def main():
            thing = Thing()
            try:
                1 / 0
            except ZeroDivisionError as error:
                raise ExceptionGroup("g", [error])
    """)
    exc.__context__ = None
    text = tracebacks.format(exc)
    assert text.count(" thing = Thing()") == 1
    assert "    |       (the same frame as at line 6, above)\n" in text


def test_recursion_is_no_repetition() -> None:
    """Frames of one function whose variables look alike are shown."""
    exc = failure("""
        def main(n=1):
            thing = Thing()
            other() if n else main()

        def other():
            main.__defaults__ = (0,)
            main()

        def last():
            1 / 0
    """)
    assert tracebacks.format(exc).count("      thing = Thing()\n") > 1


def noted(source: str, **options: Any) -> BaseException:
    """Give the error of a program that runs in a block."""
    block = enhanced_traceback(callers=False, **options)
    head = "    @block"
    return failure(f"\n{head}{source}", block=block)


def test_a_note_shows_a_frame_once() -> None:
    """The innermost place, which comes first, has the variables."""
    text = note(noted(AGAIN))
    assert text.count("      thing = Thing()\n") == 1
    assert text.endswith(
        "  main (app.py:7)\n      (the same frame as at line 5, above)"
    )


def test_the_note_of_a_context_refers_to_the_exceptions() -> None:
    """So the frame is shown in one note of them."""
    exc = noted(CHAINED)
    assert "      thing = Thing()" in note(exc)
    assert exc.__context__ is not None
    assert note(exc.__context__) == (
        "Variables, innermost frame first:\n"
        "  main (app.py:5)\n"
        "      (the same frame as at line 7, in the note of RuntimeError)"
    )


def test_raise_from_shows_a_frame_once() -> None:
    """The line for its second place says so."""
    text = str(noted(AGAIN, raise_from=EnhancedError))
    assert text.count("'thing': Thing()") == 1
    assert text.endswith("  Frame: main - locals: as above, where it stands first")


def test_to_dict_has_the_variables_at_each_place() -> None:
    """A program that reads it need not look elsewhere."""
    data = tracebacks.to_dict(failure(CHAINED))
    for each in (data, data["context"]):
        assert each["frames"][0]["locals"][0]["value"] == "Thing()"


EVAL = """
    def main():
        thing, number = Thing(), 1
        {}
"""


@pytest.mark.parametrize("call", ["eval('1 / 0')", "exec('1 / 0')"])
def test_what_an_eval_shares_is_shown_once(call: str) -> None:
    """It runs with the variables of the code around it."""
    lines = tracebacks.format(failure(EVAL.format(call))).splitlines()
    assert lines.count("      thing = Thing()") == lines.count("      number = 1") == 1
    assert lines[-2] == "      (the same variables as at line 3, above)"


def test_what_an_eval_shares_with_a_module_is_shown_once() -> None:
    """Whose variables are its globals, and its locals."""
    exc = raised(program, "thing = Thing()\nabove = 1\neval('1 / 0')\n")
    lines = tracebacks.format(exc).splitlines()
    assert lines.count("      thing = Thing()") == lines.count("      above = 1") == 1
    assert lines[-2] == "      (the same variables as at line 3, above)"


@pytest.mark.parametrize("more", ["number = 2"] * HAS_LOCALS_PROXY + ["more = 3"])
def test_variables_of_an_exec_that_are_new_are_shown(more: str) -> None:
    """Then they are not the same. Until 3.12 to read the outer ones sets them anew."""
    exc = failure(EVAL.format(f"exec('{more}; 1 / 0')"))
    assert f"      {more}\n" in tracebacks.format(exc)


@pytest.mark.parametrize("callers", [False, True])
def test_a_note_tells_what_an_eval_shares_once(callers: bool) -> None:
    """So does the text of `raise_from`."""
    main = program(EVAL.format("eval('1 / 0')"))["main"]
    text = note(raised(enhanced_traceback(callers=callers)(main)))
    assert text.count("      number = 1") == 1
    assert "  main (app.py:3)\n      (the same variables as at line 1, above)" in text
    block = enhanced_traceback(callers=callers, raise_from=EnhancedError)
    text = str(raised(block(main)))
    assert text.count("'number': 1") == 1
    assert "  Frame: main - locals: as above, of <module>" in text
