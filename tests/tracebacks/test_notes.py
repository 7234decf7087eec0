"""Notes and messages that belong together: each frame is told, and told once."""

from __future__ import annotations

import asyncio
import pickle
import re
import traceback
from typing import Any

import pytest

from frametools import tracebacks
from frametools.tracebacks import EnhancedError, enhanced_traceback
from tests.tracebacks.programs import failure, program, raised

NAMES: dict[str, Any] = {
    "enhanced_traceback": enhanced_traceback,
    "EnhancedError": EnhancedError,
}
RECURSION = """
    @enhanced_traceback(callers={})
    def fall(n):
        thing = Thing()
        return fall(n - 1) if n else 1 / n

    def main():
        fall(2)
"""


@pytest.mark.parametrize("callers", [False, True])
def test_each_call_of_a_recursion_is_told(callers: bool) -> None:
    """Its own variables are in the one note, once."""
    exc = failure(RECURSION.format(callers), **NAMES)
    (text,) = exc.__notes__
    assert [text.count(f"      n = {n}\n") for n in range(3)] == [1, 1, 1]
    assert ("  main (" in text) is callers


def test_a_deep_recursion_has_one_note() -> None:
    """The innermost calls are told, and the outermost."""
    exc = failure(RECURSION.format(False).replace("fall(2)", "fall(200)"), **NAMES)
    (text,) = exc.__notes__
    assert "      n = 0\n" in text
    assert text.endswith("      n = 200\n      thing = Thing()")
    assert len(text.splitlines()) < 20


def test_what_a_recursion_catches_is_told_at_once() -> None:
    """By the innermost call; the outermost of those it leaves tells all of them."""
    found: list[Any] = []
    exc = failure(
        """
        @enhanced_traceback(callers=False)
        def fall(n):
            try:
                return between(n - 1) if n else 1 / n
            except ZeroDivisionError as error:
                found.append([*getattr(error, "__notes__", [])])
                raise

        def between(n):
            thing = Thing()
            return fall(n)

        def main():
            fall(2)
    """,
        **NAMES,
        found=found,
    )
    assert [len(each) for each in found] == [0, 1, 1]
    assert found[1] == found[2]
    assert "      n = 0" in found[1][0]
    assert "      n = 1" not in found[1][0]
    (text,) = exc.__notes__
    assert text.count("  between (") == 2


@pytest.mark.parametrize("callers", [False, True])
def test_an_exception_raised_again_is_told_again(callers: bool) -> None:
    """The frames of the new way, not those of the first."""
    space = program(
        """
        error = ValueError()

        def main(number):
            try:
                between(number)
            except ValueError:
                pass

        def between(number):
            go(number)

        @enhanced_traceback(callers={})
        def go(number):
            thing = Thing()
            fail(number)

        def fail(argument):
            raise error
        """.replace("{}", str(callers)),
        **NAMES,
    )
    for number in range(3):
        space["main"](number)
    exc = space["error"]
    assert len(exc.__notes__) == 3
    for number, text in enumerate(exc.__notes__):
        assert f"      argument = {number}\n" in text
        assert text.count("argument = ") == 1
        assert text.count("  between (") == callers + (number > 0 and not callers)
    exc.__traceback__ = None


NESTED = """
    @enhanced_traceback({outer})
    def main():
        thing = Thing()
        load("abc")

    def load(argument):
        with enhanced_traceback({inner}):
            int(argument)
"""
WAYS = ["", "callers=False", "raise_from=EnhancedError", "raise_from=RuntimeError"]


@pytest.mark.parametrize("inner", WAYS)
@pytest.mark.parametrize("outer", WAYS)
def test_nested_blocks_show_a_frame_once(inner: str, outer: str) -> None:
    """In Python's own traceback, and in ours."""
    exc = failure(NESTED.format(inner=inner, outer=outer), **NAMES)
    plain = "".join(traceback.format_exception(exc))
    ours = tracebacks.format(exc)
    assert plain.count("argument") - plain.count("int(argument)") == 1
    assert ours.count("argument = 'abc'") == 1
    assert "'argument': 'abc'" not in ours
    assert "Variables, innermost" not in ours
    assert "invalid literal for int() with base 10: 'abc'\n" in ours


CAUSED = """
    def main():
        thing = Thing()
        try:
            look_up({}, "a")
        except KeyError as error:
            raise ValueError("not\\nthere") FROM

    def look_up(table, key):
        return table[key]
"""


@pytest.mark.parametrize(
    ("how", "says"), [("from error", "Cause"), ("", "Context"), ("from None", "")]
)
def test_raise_from_tells_what_it_came_from(how: str, says: str) -> None:
    """Its frames too; a frame that has been told is not told again."""
    main = program(CAUSED.replace("FROM", how))["main"]
    block = enhanced_traceback(raise_from=EnhancedError, callers=False, width=1000)
    exc = raised(block(main))
    end = (
        f"  {says}: KeyError: 'a'\n"
        "  Frame: look_up - locals: {'table': {}, 'key': 'a'}\n"
        "  Frame: main - locals: as above, where it stands first"
    )
    begin = "not\nthere\n  Frame: main - locals: {'thing': Thing(), 'error': <deleted>}"
    assert str(exc) == (f"{begin}\n{end}" if says else begin)
    assert isinstance(exc, EnhancedError)
    assert exc.snapshot is not None
    inner = exc.snapshot.cause or exc.snapshot.context
    assert (inner is not None) == bool(says)


def test_raise_from_tells_the_members_of_a_group() -> None:
    """And what these came from."""
    exc = failure(
        """
        @enhanced_traceback(raise_from=EnhancedError, callers=False)
        def main():
            thing = Thing()
            try:
                part(1)
            except KeyError as error:
                other = ValueError("outer\\nlines")
                other.__cause__ = error
                raise ExceptionGroup("all", [other]) from None

        def part(x):
            raise KeyError(x)
        """,
        **NAMES,
    )
    lines = str(exc).splitlines()
    assert lines[0] == "all (1 sub-exception)"
    assert lines[2:6] == [
        "  Member: ValueError: outer",
        "      lines",
        "  Cause: KeyError: 1",
        "  Frame: part - locals: {'x': 1}",
    ]


def test_what_has_the_text_in_another_form_keeps_all() -> None:
    """A `__str__` of its own, or another text: nothing is left out of the message."""

    class Own(Exception):
        def __str__(self) -> str:
            return f"own: {self.args[0]}"

    for make in (Own, lambda text: RuntimeError(f"other: {text}")):
        names = {**NAMES, "make": make}
        source = NESTED.format(outer="raise_from=make", inner="")
        exc = failure(source, **names)
        assert "'argument': 'abc'" in tracebacks.format(exc)
        assert exc.__cause__ is not None
        assert hasattr(exc.__cause__, "__notes__") is (make is not Own)


def test_pickled_the_message_is_whole() -> None:
    """There are no frames on the other side, so all of it is shown."""
    source = NESTED.format(outer="raise_from=RuntimeError", inner="")
    again = pickle.loads(pickle.dumps(failure(source, **NAMES)))
    assert type(again.args[0]) is str
    assert "'argument': 'abc'" in tracebacks.format(again)


def test_an_error_with_a_message_of_ours_that_is_raised_from_there() -> None:
    """The outer message tells the frames itself, in the same words."""
    exc = failure(
        """
        @enhanced_traceback(raise_from=EnhancedError)
        def main():
            thing = Thing()
            try:
                load("abc")
            except EnhancedError as error:
                raise OSError("not loaded") from error

        @enhanced_traceback(raise_from=EnhancedError)
        def load(argument):
            int(argument)
        """,
        **NAMES,
    )
    assert str(exc).count("'argument': 'abc'") == 1
    assert tracebacks.format(exc).count("argument = 'abc'") == 1
    assert "'argument': " not in tracebacks.format(exc)


def test_a_note_of_an_exception_without_frames() -> None:
    """There is nothing to tell."""
    exc = raised(enhanced_traceback(len), 3)
    assert not hasattr(exc, "__notes__")


@pytest.mark.parametrize("callers", [False, True])
@pytest.mark.parametrize("form", ["block", "decorated"])
def test_an_exception_without_its_traceback_is_told_again(
    form: str, callers: bool
) -> None:
    """What comes where its frames were, in memory, is not taken for them."""
    space = program(
        f"""
        error = ValueError()

        def main(number):
            try:
                {form}(number)
            except ValueError:
                error.__traceback__ = None

        def block(number):
            with enhanced_traceback(callers={callers}):
                raise error

        @enhanced_traceback(callers={callers})
        def decorated(number):
            raise error
        """,
        **NAMES,
    )
    for number in range(3):
        space["main"](number)
    notes = space["error"].__notes__
    assert [f"number = {n}" in note for n, note in enumerate(notes)] == [True] * 3


RAISED_AGAIN = """
    import asyncio
    from contextlib import ExitStack

    async def fail():
        thing = Thing()
        raise ValueError

    async def awaited():
        task = asyncio.ensure_future(fail())
        while len(tries) < 3:
            try:
                with enhanced_traceback(callers=callers):
                    await task
            except ValueError as error:
                last = error
                tries.append(0)
        raise last

    def with_its_traceback():
        try:
            thing = Thing()
            raise ValueError
        except ValueError as error:
            found, entries = error, error.__traceback__
        while len(tries) < 3:
            try:
                with enhanced_traceback(callers=callers):
                    raise found.with_traceback(entries)
            except ValueError:
                tries.append(0)
        del entries  # which have this frame
        raise found

    def two_blocks():
        with ExitStack() as stack:
            thing = Thing()
            stack.enter_context(enhanced_traceback(callers=callers))
            stack.enter_context(enhanced_traceback(callers=callers))
            raise ValueError
"""


@pytest.mark.parametrize("callers", [False, True])
@pytest.mark.parametrize("way", ["awaited", "with_its_traceback", "two_blocks"])
def test_a_frame_is_not_told_again_in_the_same_words(way: str, callers: bool) -> None:
    """What is awaited or raised again has a note more where a variable is new."""
    main = program(RAISED_AGAIN, tries=[], callers=callers, **NAMES)[way]
    exc = raised(asyncio.run, main()) if way == "awaited" else raised(main)
    texts: list[str] = exc.__notes__
    assert "      thing = Thing()" in texts[0]
    parts = [part for text in texts for part in re.split(r"\n(?=  \S)", text)[1:]]
    frames = [part for part in parts if "(app.py:" in part]
    assert len(set(frames)) == len(frames), texts
    assert len(texts) == (2 if way == "awaited" else 1)


@pytest.mark.parametrize("how", ["callers=False", "raise_from=EnhancedError"])
def test_notes_of_other_blocks_stay(how: str) -> None:
    """They tell of frames that the exception has no more: its traceback was cut."""
    exc = failure(
        """
        def work():
            with enhanced_traceback(callers=False):
                thing, number = Thing(), 7
                raise ValueError

        @enhanced_traceback(HOW)
        def main(depth=2):
            if depth:
                main(depth - 1)
            else:
                show(result())

        def result():
            try:
                work()
            except ValueError as error:
                return error.with_traceback(None)

        def show(error):
            raise error
        """.replace("HOW", how),
        **NAMES,
    )
    told = exc.__cause__ or exc
    first, *others = told.__notes__
    assert first.endswith("      thing = Thing()\n      number = 7")
    text = str(exc) if exc.__cause__ else "".join(others)
    assert re.findall("depth'?[:=] ([0-9])", text.replace(" =", "=")) == list("012")


def test_a_block_inside_of_a_recursion_keeps_its_note() -> None:
    """It is none of a call of the recursion, whose own note is of the other calls."""
    exc = failure(
        """
        @enhanced_traceback(callers=False)
        def main(n=2):
            if n:
                main(n - 1)
            with enhanced_traceback(callers=False):
                thing = Thing()
                1 / n
        """,
        **NAMES,
    )
    first, second = exc.__notes__
    assert first.endswith("      n = 0\n      thing = Thing()")
    assert re.findall("n = ([0-9])", second) == ["1", "2"]
