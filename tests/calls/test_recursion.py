"""What a stack that ends leaves behind: the lines after it are where they belong."""

from __future__ import annotations

import asyncio
import traceback
from typing import Any

import pytest

from frametools import tracebacks
from frametools.calls import log_calls


@pytest.mark.parametrize("options", [{}, {"durations": True}], ids=["plain", "timed"])
def test_depth_after_the_stack_has_ended(
    options: dict[str, Any], lines: list[str]
) -> None:
    """There may have been no room to tell of the innermost calls, or to forget them."""
    log = log_calls(sink=lines.append, **options)

    @log
    def endless(n: int) -> int:
        return endless(n + 1)  # type: ignore[no-any-return]

    @log
    def after() -> None:
        pass

    def end_the_stack(below: int) -> None:
        """The stack ends at another place of ours for each number of frames below."""
        if below:
            end_the_stack(below - 1)
            return
        with pytest.raises(RecursionError):
            endless(0)

    for below in range(9):
        lines.clear()
        end_the_stack(below)
        after()
        assert lines[0] == "→ endless(0)"
        assert lines[-2] == "→ after()"


def test_task_without_a_name(lines: list[str]) -> None:
    """A task whose name cannot be had makes no error of the program's."""

    class Nameless(asyncio.Task[Any]):
        def get_name(self) -> str:
            raise ValueError("no name")

    @log_calls(sink=lines.append)
    def f(x: int) -> int:
        return x

    async def call() -> int:
        return f(1)  # type: ignore[no-any-return]

    async def main() -> int:
        loop = asyncio.get_running_loop()
        coroutine = call()
        task = Nameless(coroutine, loop=loop)
        return await task  # type: ignore[no-any-return]

    assert asyncio.run(main()) == 1


def test_tracebacks_leave_wrappers_out(lines: list[str]) -> None:
    """Their frames have the arguments: a secret by its name is none of theirs."""

    @log_calls(sink=lines.append)
    def login(user: str, password: str) -> None:
        raise ValueError(user)

    word = "hunter2"
    try:
        login("bob", word)
    except ValueError as exc:
        text = tracebacks.format(exc, library="full", suppress=())
        assert "args" not in text
        assert "password = <redacted>" in text
        traceback.clear_frames(exc.__traceback__)
