"""While a `with` block is left, its variables are those of the error."""

from __future__ import annotations

from typing import Any

import pytest

from frametools import tracebacks
from tests.tracebacks.programs import failure

MARK = "the variables are as of"


class Watch:
    """A context manager that formats what leaves its block."""

    def __init__(self) -> None:
        self.text = ""

    def __enter__(self) -> None: ...

    def __exit__(self, _: object, exc: object, __: object) -> None:
        self.text = tracebacks.format(exc)  # type: ignore[arg-type]

    async def __aenter__(self) -> None: ...

    async def __aexit__(self, _: object, exc: object, __: object) -> None:
        self.text = tracebacks.format(exc)  # type: ignore[arg-type]


class Quiet(Watch):
    """One that does nothing."""

    def __exit__(self, *_: object) -> None: ...

    async def __aexit__(self, *_: object) -> None: ...


def shown(body: str) -> str:
    """Give what the watch of a block has formatted."""
    watch: Any = Watch()
    space = {"watch": watch, "quiet": Quiet()}
    kind = "async " if "async" in body else ""
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    failure(
        f"{kind}def run():\n    x = thing = Thing()\n{lines}    return x\n"
        "def main():\n"
        f"    return run(){'.send(None)' if kind else ''}\n"
        "def fail():\n"
        "    1 / 0\n",
        **space,
    )
    assert "ZeroDivisionError" in watch.text
    return str(watch.text)


@pytest.mark.parametrize(
    "body",
    [
        "with watch:\n    1 / 0",
        "with watch:\n    fail()",
        "with watch, quiet:\n    1 / 0",
        "with watch:\n    with quiet:\n        with quiet:\n            fail()",
        "async with watch:\n    fail()",
        "async with watch:\n    async with quiet:\n        fail()",
        "for _ in range(300):\n    with watch:\n        fail()",
    ],
    ids=[f"case{number}" for number in range(7)],
)
def test_the_exit_of_a_block_is_nothing_later(body: str) -> None:
    """Nothing of the frame's own ran, only exits of the blocks inside."""
    assert MARK not in shown(body)


@pytest.mark.parametrize(
    "body",
    [
        "with watch:\n    try:\n        1 / 0\n    finally:\n        x = 2",
        "with watch:\n    try:\n        fail()\n    except KeyError:\n        x = 2",
        "with watch, quiet:\n    try:\n        fail()\n    finally:\n        x = 2",
    ],
    ids=[f"case{number}" for number in range(3)],
)
def test_what_ran_before_the_exit_is_said(body: str) -> None:
    """A handler may have changed the variables."""
    assert MARK in shown(body)


def test_a_handler_is_later() -> None:
    """What catches the error is marked, in a function with a block too."""
    texts: list[str] = []
    failure(
        """
        def main():
            thing = Thing()
            try:
                with quiet:
                    1 / 0
            except ZeroDivisionError as error:
                x = 1
                note(error)
            1 / 0
        """,
        quiet=Quiet(),
        note=lambda error: texts.append(tracebacks.format(error)),
    )
    assert f"({MARK} line 8, later than the line above)" in texts[0]
