"""Variables that are later than the line above them, in loops and coroutines."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from frametools import tracebacks
from frametools.tracebacks.later import is_alive
from tests.tracebacks.programs import failure, note, program, raised, without_carets

MARK = "the variables are as of line {}, later than the line above"
AGAIN = "the variables are those of a later moment, at the same line"


class Show:
    """Formats the error of the turn before, as a call and as a block."""

    def __init__(self) -> None:
        self.saved: Any = None
        self.text = ""

    def __call__(self) -> None:
        """Format it."""
        if self.saved is not None:
            self.text = tracebacks.format(self.saved)

    def __enter__(self) -> None: ...

    def __exit__(self, _: object, exc: object, __: object) -> None:
        self()
        self.saved = exc


def test_the_exit_of_a_block_in_the_next_turn_is_later() -> None:
    """Another error is being handled then."""
    show = Show()
    failure(
        """
        def main():
            thing = Thing()
            for number in range(2):
                try:
                    with show:
                        fail(number)
                except ValueError:
                    pass
            1 / 0

        def fail(number):
            raise ValueError(number)
        """,
        show=show,
    )
    assert f"    fail(number)\n      ({MARK.format(5)})\n" in without_carets(show.text)
    show.saved = None


def test_the_same_instruction_in_the_next_turn_is_later() -> None:
    """A function that runs on, though it stands where it raised."""
    show = Show()
    failure(
        """
        def main():
            thing = Thing()
            for number in range(2):
                try:
                    fail(number)
                except ValueError as error:
                    show.saved = error
            1 / 0

        def fail(number):
            show()
            raise ValueError(number)
        """,
        show=show,
    )
    assert f"    fail(number)\n      ({AGAIN})\n" in without_carets(show.text)
    assert f"({AGAIN})\n      number = 0" not in show.text
    show.saved = None


def test_a_generator_that_waits_again_is_later() -> None:
    """It is alive, and stands at the `yield` at which the error was thrown into it."""
    space = program("""
        def main(saved):
            thing, number = Thing(), 0
            while True:
                try:
                    yield number
                except ValueError as error:
                    saved.append(error)
                    number += 1
    """)
    saved: list[ValueError] = []
    generator = space["main"](saved)
    next(generator)
    generator.throw(ValueError())
    assert AGAIN in tracebacks.format(saved[0])
    generator.close()
    saved.clear()


BLOCKS = """
    class Block:
        async def __aenter__(self): pass
        async def __aexit__(self, *_):
            await Wait()

    class Fails(Block):
        async def __aexit__(self, *_):
            await Wait()
            raise KeyError

    class Wait:
        def __await__(self):
            yield

    async def run():
        thing = Thing()
        {}

    def main():
        coroutine = run()
        coroutine.send(None)
        coroutine.throw(ValueError)
        while True:
            coroutine.send(None)
"""


@pytest.mark.parametrize(
    "body",
    [
        "await Wait()",
        "async with Block(): await Wait()",
        "async with Block(), Block(): await Wait()",
        "async with Fails(): await Wait()",
        "async with Block(): 1 / 0",
        "async with Fails(): 1 / 0",
        "[each async for each in steps()]",
        "async for each in steps(): pass",
        "[1 / each for each in (1, 0)]",
        "{x: [1 / y for y in (x,)] for x in (1, 0) if x < 1}",
        "[1 / each for each in (1, 0) if [await Wait() for _ in 'a']]",
    ],
    ids=[f"case{number}" for number in range(11)],
)
def test_a_coroutine_that_an_error_has_left_is_not_later(body: str) -> None:
    """Thrown into it or raised there; nothing but exits and cleanups has run."""
    source = BLOCKS.format(body) + (
        "    async def steps():\n        await Wait()\n        yield 1\n"
    )
    text = tracebacks.format(failure(source))
    assert "variables are" not in text
    assert "in run\n" in text


def test_frames_that_run_are_alive() -> None:
    """And generators that wait; no frame that an error has left, cleared or not."""
    frame = sys._getframe()
    assert is_alive(frame)
    exc = failure("def main():\n    x = Thing()\n    1 / 0\n")
    assert exc.__traceback__ is not None
    over = exc.__traceback__.tb_frame
    assert not is_alive(over)
    over.clear()
    assert not is_alive(over)
    generator: Any = (each for each in "ab")
    waiting = generator.gi_frame
    assert is_alive(waiting)
    next(generator)
    assert is_alive(waiting)
    generator.close()
    del frame, over, waiting, generator


def test_the_error_of_a_block_is_current_while_another_is_handled() -> None:
    """The exit of the block may raise and catch errors of its own."""

    class Block(Show):
        def __exit__(self, _: object, exc: object, __: object) -> None:
            try:
                raise KeyError
            except KeyError:
                self.text = tracebacks.format(exc)  # type: ignore[arg-type]

    block = Block()
    failure(
        "def main():\n    x = Thing()\n    with block:\n        1 / 0\n", block=block
    )
    assert "variables are" not in block.text


def test_a_block_of_ours_in_a_loop() -> None:
    """Each error has the variables of its own turn."""
    space = program(
        """
        def main(number):
            thing = Thing()
            with enhanced_traceback(callers=False):
                1 / number
        """,
        enhanced_traceback=tracebacks.enhanced_traceback,
    )
    for _ in range(2):
        assert "variables are" not in note(raised(space["main"], 0))
