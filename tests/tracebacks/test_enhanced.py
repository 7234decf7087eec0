"""`enhanced_traceback`: a block or a function of any kind, and nothing else changes."""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import pickle
from typing import Any

import pytest

from frametools.snapshot import TracebackSnapshot
from frametools.tracebacks import EnhancedError, enhanced_traceback
from tests.tracebacks.programs import (
    Thing,
    failure,
    files,
    note,
    program,
    raised,
    seed,
)


def test_a_block_adds_a_note() -> None:
    """Type, message, traceback stay; each frame is told, innermost first."""
    exc = seed()
    assert type(exc) is ValueError
    assert str(exc) == "invalid literal for int() with base 10: 'abc'"
    assert files(exc) == ["main", "parse_number"]
    assert note(exc).startswith(
        "Variables, innermost frame first:\n"
        "  parse_number (app.py:3)\n"
        "      s = 'abc'\n"
        "      value = <not yet assigned>\n"
        "  main (app.py:8)\n"
        "      thing = Thing()\n"
        "  raised (tests/tracebacks/programs.py:"
    )


def test_callers_may_be_left_out() -> None:
    """Then only the frames that the block has seen are told."""
    assert note(seed(callers=False)) == (
        "Variables, innermost frame first:\n"
        "  parse_number (app.py:3)\n"
        "      s = 'abc'\n"
        "      value = <not yet assigned>"
    )


def test_raise_from_gives_the_text_of_the_challenge() -> None:
    """`EnhancedError: message`, and a line for each frame, from an error that stays."""
    exc = seed(raise_from=EnhancedError)
    assert isinstance(exc, EnhancedError)
    assert str(exc).startswith(
        "invalid literal for int() with base 10: 'abc'\n"
        "  Frame: parse_number - locals: {'s': 'abc', 'value': <not yet assigned>}\n"
        "  Frame: main - locals: {'thing': Thing()}\n"
    )
    assert type(exc.__cause__) is ValueError
    assert files(exc) == ["main", "parse_number"]
    assert isinstance(exc.snapshot, TracebackSnapshot)
    assert "__notes__" not in vars(exc.__cause__)


def test_raise_from_takes_any_error() -> None:
    """A class, or a function that makes an error of a text."""
    assert type(seed(raise_from=RuntimeError)) is RuntimeError
    assert str(seed(raise_from=lambda text: OSError(5, text[:7]))) == (
        "[Errno 5] invalid"
    )


def test_no_error_no_cost() -> None:
    """A block that ends well, or is entered twice at once, does nothing."""
    block = enhanced_traceback()
    with block, block:
        pass


def test_an_exception_that_passes_two_blocks_is_told_once() -> None:
    """The outer block has nothing to add: the inner has told its frames too."""
    names: Any = {"enhanced_traceback": enhanced_traceback}
    exc = failure(
        """
        def main():
            thing = Thing()
            with enhanced_traceback():
                with enhanced_traceback():
                    middle()

        @enhanced_traceback
        def middle():
            1 / 0
    """,
        **names,
    )
    assert note(exc).count("\n  main (") == 1
    assert note(exc).count("\n  middle (") == 1


def test_new_frames_are_told_by_the_outer_block() -> None:
    """An error that comes from elsewhere, as out of a thread, gets a second note."""
    names: Any = {"enhanced_traceback": enhanced_traceback}
    exc = failure(
        """
        def main():
            with enhanced_traceback():
                show(work())

        def show(error):
            thing = Thing()
            raise error

        def work():
            try:
                with enhanced_traceback(callers=False):
                    inner = 5
                    1 / 0
            except ZeroDivisionError as error:
                return error
    """,
        **names,
    )
    first, second = exc.__notes__
    assert "work (app.py:13)\n      inner = 5" in first
    assert "  show (" not in first
    assert "  show (app.py:7)\n" in second
    assert "inner = 5" not in second


def test_frames_that_a_note_leaves_out_are_not_told_later() -> None:
    """A block in each of many functions gives one note."""
    lines = [
        f"def f{n}(x):\n    with enhanced_traceback(): f{n + 1}(x)\n" for n in range(60)
    ]
    source = "".join([*lines, "def f60(x):\n    thing = Thing()\n    1 / 0\n"])
    exc = raised(program(source, enhanced_traceback=enhanced_traceback)["f0"], 1)
    assert "frames left out ..." in note(exc)


def test_what_it_came_from_and_members_have_their_notes() -> None:
    """Causes, contexts and members of groups."""
    names: Any = {"enhanced_traceback": enhanced_traceback}
    exc = failure(
        """
        def main():
            with enhanced_traceback():
                try:
                    part(1)
                except ValueError as error:
                    raise ExceptionGroup("all", [error]) from KeyError("k")

        def part(x):
            thing = Thing()
            raise ValueError(x)
    """,
        **names,
    )
    assert isinstance(exc, ExceptionGroup)
    assert "  part (app.py:10)\n      x = 1\n" in note(exc.exceptions[0])


def test_notes_that_are_something_else_stay() -> None:
    """A class may have made a text or a property of `__notes__`."""

    class Text(Exception):
        __notes__ = "text"  # type: ignore[assignment]

    with pytest.raises(Text) as caught, enhanced_traceback():
        raise Text
    assert vars(caught.value) == {}


def test_the_variables_of_the_block_are_not_said_to_be_later() -> None:
    """Nothing ran between the error and the end of the block; else it is said."""
    assert "the variables are as of" not in note(seed(callers=False))
    names: Any = {"enhanced_traceback": enhanced_traceback}
    exc = failure(
        """
        def main():
            thing = x = Thing()
            with enhanced_traceback():
                try:
                    1 / 0
                finally:
                    x = 2
    """,
        **names,
    )
    assert "      (the variables are as of line 3, later" in note(exc)


KINDS = """
    @enhanced_traceback(**options)
    def plain(x):
        thing = Thing()
        raise KeyError(x)

    @enhanced_traceback(**options)
    async def coroutine(x):
        thing = Thing()
        raise KeyError(x)

    @enhanced_traceback(**options)
    def generator(x):
        thing = Thing()
        yield 1
        raise KeyError(x)

    @enhanced_traceback(**options)
    async def async_generator(x):
        thing = Thing()
        yield 1
        raise KeyError(x)

    class Class:
        @enhanced_traceback(**options)
        def method(self, x):
            thing = Thing()
            raise KeyError(x)

        @enhanced_traceback(**options)
        @classmethod
        def of_class(cls, x):
            thing = Thing()
            raise KeyError(x)

        @enhanced_traceback(**options)
        @staticmethod
        def static(x):
            thing = Thing()
            raise KeyError(x)

    async def drain():
        async for _ in async_generator(7): pass

    def run(coroutine):
        try: coroutine.send(None)
        except StopIteration: pass

    calls = {
        "plain": lambda: plain(7),
        "coroutine": lambda: run(coroutine(7)),
        "generator": lambda: list(generator(7)),
        "async_generator": lambda: run(drain()),
        "method": lambda: Class().method(7),
        "of_class": lambda: Class.of_class(7),
        "static": lambda: Class().static(7),
    }
"""
KIND = "plain coroutine generator async_generator method of_class static".split()


def kinds(**options: Any) -> dict[str, Any]:
    """Give the names of the program."""
    return program(KINDS, enhanced_traceback=enhanced_traceback, options=options)


@pytest.mark.parametrize("kind", KIND)
def test_functions_of_each_kind_are_annotated(kind: str) -> None:
    """The note tells the function; the traceback has no frame of ours."""
    exc = raised(kinds()["calls"][kind])
    assert f"{kind} (app.py:" in note(exc).splitlines()[1]
    assert "      x = 7\n" in note(exc)
    expected = ["<lambda>", kind]
    if "coroutine" in kind or "async" in kind:
        expected.insert(1, "run")
    if "async" in kind:
        expected.insert(2, "drain")
    assert files(exc) == expected


@pytest.mark.parametrize("kind", KIND)
def test_functions_of_each_kind_raise_from(kind: str) -> None:
    """The other error has no frame of ours either."""
    exc = raised(kinds(raise_from=EnhancedError)["calls"][kind])
    assert isinstance(exc, EnhancedError)
    assert "wrapper" not in files(exc)
    assert exc.__cause__ is not None
    assert files(exc.__cause__) == [kind]


def test_kinds_and_signatures_stay() -> None:
    """As `inspect` tells them."""
    space = kinds()
    assert inspect.iscoroutinefunction(space["coroutine"])
    assert inspect.isgeneratorfunction(space["generator"])
    assert inspect.isasyncgenfunction(space["async_generator"])
    assert str(inspect.signature(space["plain"])) == "(x)"
    assert space["plain"].__name__ == "plain"


def test_a_generator_stays_what_it_is() -> None:
    """It is sent to, thrown into, closed, and returns, as without the decorator."""

    @enhanced_traceback
    def echo() -> Any:
        got: list[object] = []
        try:
            while len(got) < 2:
                try:
                    got.append((yield len(got)))
                except ValueError:
                    got.append("thrown")
        finally:
            Thing()
        return got

    steps = echo()
    assert [next(steps), steps.throw(ValueError)] == [0, 1]
    with pytest.raises(StopIteration) as stop:
        steps.send(5)
    assert stop.value.value == ["thrown", 5]
    other = echo()
    next(other)
    other.close()


def test_an_async_generator_stays_what_it_is() -> None:
    """So does an async generator."""
    log: list[object] = []

    @enhanced_traceback
    async def echo() -> Any:
        try:
            while True:
                try:
                    log.append((yield len(log)))
                except ValueError:
                    log.append("thrown")
        finally:
            log.append(Thing)

    async def main() -> None:
        steps = echo()
        assert await steps.asend(None) == 0
        assert await steps.asend("a") == 1
        assert await steps.athrow(ValueError) == 2
        await steps.aclose()
        with pytest.raises(StopAsyncIteration):
            await steps.asend(None)

    asyncio.run(main())
    assert log == ["a", "thrown", Thing]


def test_a_task_is_annotated() -> None:
    """The frames of the event loop are folded."""

    @enhanced_traceback
    async def work() -> None:
        thing = Thing()
        await asyncio.sleep(0)
        raise KeyError(str(thing))

    exc = raised(asyncio.run, work())
    text = note(exc)
    assert "      thing = Thing()\n" in text
    assert "frames hidden ..." in text
    assert "base_events" not in text


def test_an_exit_stack_shows_no_frame_twice() -> None:
    """The caller of `__exit__` is contextlib's then."""

    def main() -> None:
        thing = Thing()
        with contextlib.ExitStack() as stack:
            stack.enter_context(enhanced_traceback())
            raise KeyError(str(thing))

    assert note(raised(main)).count(".main (") == 1


def test_pickling_keeps_the_text() -> None:
    """The note is a plain string on the other side."""
    exc = seed()
    again = pickle.loads(pickle.dumps(exc))
    assert again.__notes__ == exc.__notes__
    assert type(again.__notes__[0]) is str
    error = pickle.loads(pickle.dumps(seed(raise_from=EnhancedError)))
    assert "Frame: parse_number" in str(error)


def test_a_failure_of_ours_stays_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    """The exception leaves as it was."""

    def fails(*_: object) -> None:
        raise SystemExit(1)

    monkeypatch.setattr("frametools.tracebacks.enhanced.annotate", fails)
    exc = seed()
    assert type(exc) is ValueError
    assert "__notes__" not in vars(exc)


def test_wrong_options_and_wrong_functions_are_told_at_once() -> None:
    """A TypeError where the mistake is."""
    with pytest.raises(TypeError, match="depth"):
        enhanced_traceback(depth=3)  # type: ignore[call-overload]
    with pytest.raises(TypeError, match="not a function: 7"):
        enhanced_traceback(7)  # type: ignore[call-overload]
    with pytest.raises(TypeError, match="not a function"):
        enhanced_traceback(Thing)
