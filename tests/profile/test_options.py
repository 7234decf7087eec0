"""The command line: whose option is whose, and one line for a wrong one."""

from __future__ import annotations

import pytest

from frametools._command_line import OptionError
from frametools.profile._options import parse_report, parse_run


@pytest.mark.parametrize(
    ("words", "rest"),
    [
        (["app.py", "--help", "-o", "x"], ["app.py", "--help", "-o", "x"]),
        (["--raw", "-m", "mod", "--raw"], ["-m", "mod", "--raw"]),
        (["--raw", "-mmod", "-q"], ["-mmod", "-q"]),
        (["-c", "code", "--low"], ["-c", "code", "--low"]),
        (["-q", "-", "--low"], ["-", "--low"]),
        (["-q", "--", "--odd.py"], ["./--odd.py"]),
        (["--limit", "3", "--sort=cum", "-oout", "app.py"], ["app.py"]),
        (["-qo", "out", "app.py", "-q"], ["app.py", "-q"]),
        (["-qm", "mod"], ["-m", "mod"]),
        ([], []),
    ],
)
def test_ours_end_where_the_program_begins(words: list[str], rest: list[str]) -> None:
    """Everything from the program's name on is the program's, its --help too."""
    assert parse_run(words)[1] == rest


def test_values() -> None:
    """Values stand behind `=`, a space, or at once; many add up."""
    words = (
        "-o=x --record --include a --include=b --max-events 1_000 --keep last".split()
    )
    options, _ = parse_run(words)
    assert options.output == "=x"
    assert options.include == ("a", "b")
    assert options.max_events == 1_000
    assert options.keep == "last"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--nope"], "no such option: --nope; --help lists them"),
        (["-x", "app.py"], "no such option: -x; --help lists them"),
        (["--limit"], "--limit needs a value"),
        (["--limit", "many"], "--limit needs a whole number, 0 or more, not 'many'"),
        (["--limit", "-3"], "--limit needs a whole number, 0 or more, not '-3'"),
        (["--keep", "some"], "--keep knows first, last; not 'some'"),
        (["--raw=1"], "--raw takes no value"),
        (["-q-x"], "-q takes no value"),
        (["--keep=last", "app.py"], "--keep bounds --record, which is missing"),
        (["--max-events", "9"], "--max-events bounds --record, which is missing"),
        (["--low", "--record"], "--low takes no time per event"),
        (["--memory", "--memory-alloc"], "--memory and --memory-alloc: one of them"),
        (["--max-events", "9" * 19], "--max-events needs a whole number"),
    ],
)
def test_wrong_options(words: list[str], message: str) -> None:
    """The message names the option and what it knows."""
    with pytest.raises(OptionError) as caught:
        parse_run(words)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_report_takes_options_anywhere() -> None:
    """There is no program whose options could be meant."""
    options, files = parse_report(["a.frames", "-f", "tree", "--clock", "wall"])
    assert (options.format, options.clock, files) == ("tree", "wall", ["a.frames"])
