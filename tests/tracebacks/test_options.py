"""Options: what is wrong is said when it is given, in one sentence."""

from __future__ import annotations

import sys
import threading
from typing import Any

import pytest

from frametools import tracebacks
from frametools.tracebacks import enhanced_traceback
from frametools.tracebacks.options import Options
from tests.tracebacks.programs import Thing, note, seed

WRONG: list[dict[str, Any]] = [
    {"limit": 0},
    {"limit": "x"},
    {"names": -1},
    {"redact": ["pin"]},
    {"head": -1},
    {"clock": 3},
    {"colour": True},
    {"budget": -1},
    {"budget": float("nan")},
]


@pytest.mark.parametrize("options", WRONG, ids=str)
def test_wrong_options(options: Any) -> None:
    """They are one sentence, when they are given."""
    with pytest.raises(TypeError, match=r"^tracebacks: "):
        enhanced_traceback(**options)
    with pytest.raises(TypeError, match=r"^tracebacks: "):
        tracebacks.install(**options)


@pytest.mark.parametrize(
    "options",
    [
        {"raise_from": 3},
        {"raise_from": Thing},
        {"callers": "x"},
        {"callers": None},
    ],
    ids=str,
)
def test_wrong_arguments_of_enhanced_traceback(options: Any) -> None:
    """As they are none of `Options`."""
    (name,) = options
    with pytest.raises(TypeError, match=rf"^tracebacks: {name} is "):
        enhanced_traceback(**options)


def test_a_wrong_name_is_told_with_all_that_there_are() -> None:
    """Those of the function that was called too."""
    every = ", ".join(Options._fields)
    for call, names in (
        (enhanced_traceback, f"raise_from, callers, {every}"),
        (tracebacks.install, f"loop, ipython, {every}"),
        (lambda **given: tracebacks.format(ValueError(), **given), f"colour, {every}"),
    ):
        with pytest.raises(TypeError) as caught:
            call(depth=1)
        assert str(caught.value) == (
            f"tracebacks: no option 'depth'; there are {names}"
        )


class Loop:
    """A loop whose handler cannot be set."""

    def get_exception_handler(self) -> None:
        """Give none."""

    def set_exception_handler(self, _: object) -> None:
        """Fail."""
        raise ZeroDivisionError


@pytest.mark.parametrize(
    ("given", "error"),
    [
        ({"loop": 3}, TypeError),
        ({"loop": 0}, TypeError),
        ({"loop": Loop}, TypeError),
        ({"ipython": 3}, TypeError),
        ({"ipython": ""}, TypeError),
        ({"loop": Loop()}, ZeroDivisionError),
    ],
    ids=[f"case{number}" for number in range(6)],
)
def test_an_installation_that_fails_changes_nothing(given: Any, error: Any) -> None:
    """What is no loop or shell is told before; one that fails leaves no hook."""
    before = sys.excepthook, threading.excepthook, sys.unraisablehook
    finders = [*sys.meta_path]
    with pytest.raises(error):
        tracebacks.install(**given)
    assert (sys.excepthook, threading.excepthook, sys.unraisablehook) == before
    assert sys.meta_path == finders


class Odd:
    """An answer that is neither yes nor no."""

    def __bool__(self) -> bool:
        raise ZeroDivisionError


@pytest.mark.parametrize(
    "answer", [lambda _: 1 / 0, lambda _: Odd()], ids=["fails", "odd"]
)
def test_what_fails_to_tell_secrets_hides_them_all(answer: Any) -> None:
    """There is a note all the same."""
    text = note(seed(redact=answer, callers=False))
    assert "      s = <redacted>\n" in text
