"""The text: Python's layout, with the variables of each frame."""

from __future__ import annotations

import traceback

import pytest

from frametools import tracebacks
from frametools.tracebacks.colours import COLOURED
from tests.tracebacks.programs import Thing, failure, without_carets

PARSE = """
    def main():
        thing = Thing()
        rows = ["1", "x"]
        return total(rows)

    def total(rows, scale=2):
        count = 0
        for field in rows:
            count += scale * int(field)
        result = count / len(rows)
        return result
"""


def test_the_text_is_as_documented() -> None:
    """Each frame has its line, and its variables in the order of the code."""
    assert without_carets(tracebacks.format(failure(PARSE))) == (
        "Traceback (most recent call last):\n"
        '  File "app.py", line 4, in main\n'
        "    return total(rows)\n"
        "      thing = Thing()\n"
        "      rows = ['1', 'x']\n"
        '  File "app.py", line 9, in total\n'
        "    count += scale * int(field)\n"
        "      rows = ['1', 'x']\n"
        "      scale = 2\n"
        "      count = 2\n"
        "      field = 'x'\n"
        "      result = <not yet assigned>\n"
        "ValueError: invalid literal for int() with base 10: 'x'\n"
    )


CHAINED = """
    def main():
        try:
            load("a")
        except KeyError as error:
            thing = Thing()
            raise RuntimeError("no a") from error

    def load(name):
        try:
            return {}[name]
        except KeyError:
            name = name + "!"
            return {}[name]
"""

GROUP = """
    def main():
        errors = []
        for job in (first, second, third):
            try:
                job(1)
            except Exception as error:
                errors.append(error)
        thing = Thing()
        raise ExceptionGroup("jobs", errors)

    def first(x):
        raise ValueError(x)

    def second(x):
        raise ExceptionGroup("inner", [TypeError("t"), OSError(5, "io")])

    def third(x):
        try:
            first(x)
        except ValueError:
            y = Thing()
            raise KeyError("two\\nlines") from None
"""

NOTED = """
    def main():
        thing = Thing()
        error = ValueError("bad")
        error.add_note("try again\\nor not")
        error.add_note("second")
        raise error
"""

SILENT = """
    def main():
        thing = Thing()
        raise ValueError
"""


@pytest.mark.parametrize("source", [PARSE, CHAINED, GROUP, NOTED, SILENT])
def test_without_variables_it_is_what_python_prints(source: str) -> None:
    """Causes, contexts, groups in groups, notes: the same lines in the same order."""
    exc = failure(source)
    ours = tracebacks.format(exc, show_locals=False)
    theirs = "".join(traceback.format_exception(exc))
    assert without_carets(ours) == without_carets(theirs)


def test_a_group_shows_the_variables_of_its_members() -> None:
    """They stand behind the same margin as the member's lines."""
    text = tracebacks.format(failure(GROUP))
    assert '    |   File "app.py", line 12, in first\n' in text
    assert "    |       x = 1\n    | ValueError: 1\n" in text
    assert "  |       job = <function third at 0x" in text


def test_positions_of_wide_characters_are_right() -> None:
    """Carets stand under what is meant: columns, neither bytes nor characters."""
    exc = failure("def main():\n    x = Thing(); return '日本é', 1 / 0\n")
    assert (
        "    x = Thing(); return '日本é', 1 / 0\n" + 33 * " " + "~~^~~\n"
        in tracebacks.format(exc)
    )


def test_a_statement_of_many_lines_is_shown_up_to_four() -> None:
    """The lines of the failing expression follow, shortened."""
    exc = failure("""
        def main():
            x = Thing()
            return max(
                1,
                2,
                3,
                key=len,
            )
    """)
    assert (
        "    return max(\n"
        "           ^^^^\n"
        "        1,\n"
        "        2,\n"
        "        3,\n"
        "    ... 2 more lines\n"
    ) in tracebacks.format(exc)


def test_a_syntax_error_is_shown_as_python_shows_it() -> None:
    """File, line, text and carets come before the message."""
    exc = failure(
        "def main():\n    x = Thing()\n    compile('a = (', 'its.py', 'exec')\n"
    )
    text = tracebacks.format(exc, show_locals=False)
    end = "".join(traceback.format_exception_only(exc))
    assert "its.py" in end
    assert text.endswith(end)


@pytest.mark.parametrize("colour", [True, False])
def test_colours_change_nothing_else(colour: bool) -> None:
    """Without its escape sequences a coloured text is the plain one."""
    exc = failure(GROUP)
    text = tracebacks.format(exc, colour=colour)
    assert ("\x1b[" in text) is colour
    for sequence in COLOURED:
        text = text.replace(sequence, "")
    assert text == tracebacks.format(exc)


def test_lines_of_a_value_are_indented_and_escapes_are_shown() -> None:
    """A repr of several lines stays under its name; a terminal obeys no value."""

    class Matrix(Thing):
        def __repr__(self) -> str:
            return "[[1, 2]\n [3, 4]] \x1b[2J"

    exc = failure("def main():\n    m = Matrix()\n    1 / 0\n", Matrix=Matrix)
    assert "      m = [[1, 2]\n           [3, 4]] \\x1b[2J\n" in tracebacks.format(exc)


def test_a_chain_that_goes_round_ends() -> None:
    """A loop of causes is shown once around, and said to be one."""
    exc = failure("""
        def main():
            thing = Thing()
            one, two = ValueError(1), ValueError(2)
            one.__cause__, two.__cause__ = two, one
            raise one
    """)
    lines = tracebacks.format(exc, show_locals=False).splitlines()
    assert lines[:2] == [
        "(the chain of exceptions goes round from here)",
        "ValueError: 2",
    ]
    assert lines[-1] == "ValueError: 1"


def test_a_long_chain_is_bounded() -> None:
    """Of a thousand exceptions chained the last 31 are shown."""
    exc = failure("""
        def main():
            thing, error = Thing(), None
            for number in range(1000):
                new = ValueError(number)
                new.__cause__ = error
                error = new
            raise error
    """)
    lines = tracebacks.format(exc, show_locals=False).splitlines()
    assert lines[0] == "(earlier exceptions of the chain are left out)"
    assert sum(line.startswith("ValueError") for line in lines) == 31


def test_a_member_that_is_the_context_too() -> None:
    """A group raised while its member was handled has it as a member all the same."""
    exc = failure("""
        def main():
            thing = Thing()
            try:
                1 / 0
            except ZeroDivisionError as error:
                raise ExceptionGroup("group", [error])
    """)
    text = tracebacks.format(exc, show_locals=False)
    assert "more exception" not in text
    assert text.count("ZeroDivisionError: division by zero") == 2


def test_a_cause_of_two_members() -> None:
    """It is shown once; the second member says that it has one, and of no loop."""
    exc = failure("""
        def main():
            thing, cause = Thing(), ValueError("the cause")
            one, two = KeyError(1), KeyError(2)
            one.__cause__ = two.__cause__ = cause
            raise ExceptionGroup("group", [one, two])
    """)
    text = tracebacks.format(exc, show_locals=False)
    assert text.count("ValueError: the cause") == 1
    assert text.count("what this comes from is shown elsewhere") == 1
    assert "goes round" not in text
