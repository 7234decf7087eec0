"""`print`, `to_dict`, colours, encodings, and what happens if we fail."""

from __future__ import annotations

import io
import json
import sys
import traceback
from typing import Any

import pytest

from frametools import tracebacks
from frametools.snapshot import TracebackSnapshot
from frametools.tracebacks.colours import encodable, wants_colour
from tests.tracebacks.programs import failure

FAILS = """
    def main():
        thing = Thing()
        text = "é" * 500
        1 / 0
"""


class Stream(io.TextIOWrapper):
    """A stream of an encoding, which may be a terminal."""

    def __init__(self, encoding: str = "utf-8", is_terminal: bool = False) -> None:
        super().__init__(io.BytesIO(), encoding=encoding)
        self.is_terminal = is_terminal

    def isatty(self) -> bool:
        """Tell what it was told."""
        return self.is_terminal

    def text(self) -> str:
        """Give what was written."""
        self.flush()
        written: bytes = self.buffer.getvalue()  # type: ignore[attr-defined]
        return written.decode(self.encoding)


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take out what says how to colour."""
    for name in ("PYTHON_COLORS", "NO_COLOR", "FORCE_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    ("environment", "is_terminal", "expected"),
    [
        ({}, True, True),
        ({}, False, False),
        ({"NO_COLOR": "1"}, True, False),
        ({"NO_COLOR": ""}, True, True),
        ({"FORCE_COLOR": "1"}, False, True),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, True, False),
        ({"PYTHON_COLORS": "0", "FORCE_COLOR": "1"}, True, False),
        ({"PYTHON_COLORS": "1", "NO_COLOR": "1"}, False, True),
        ({"PYTHON_COLORS": "yes"}, False, False),
        ({"TERM": "dumb"}, True, False),
    ],
    ids=[f"case{number}" for number in range(10)],
)
def test_colour_is_as_python_decides(
    environment: dict[str, str], is_terminal: bool, expected: bool
) -> None:
    """By the environment, and by what the stream is."""
    stream = Stream(is_terminal=is_terminal)
    assert wants_colour(stream, environment) is expected
    assert wants_colour(None, {}) is False


def test_print_colours_a_terminal_only() -> None:
    """And what it is told to."""
    exc = failure(FAILS)
    for stream, colour, expected in [
        (Stream(is_terminal=True), None, True),
        (Stream(), None, False),
        (Stream(), True, True),
        (Stream(is_terminal=True), False, False),
    ]:
        tracebacks.print(exc, file=stream, colour=colour)
        assert ("\x1b[35m" in stream.text()) is expected


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp437"])
def test_print_fits_the_encoding(encoding: str) -> None:
    """What it lacks is escaped, and the mark of what was cut is three dots."""
    stream = Stream(encoding)
    tracebacks.print(failure(FAILS), file=stream)
    assert "... (500 characters)" in stream.text()
    assert ("é" in stream.text()) is (encoding != "ascii")


def test_an_unknown_encoding_is_taken_as_ascii() -> None:
    """A stream may claim anything."""

    class Odd:
        encoding = "no-such"

    assert encodable("é…", Odd()) == "\\xe9..."


def test_print_takes_the_exception_being_handled(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """To stderr, by default."""
    try:
        raise failure(FAILS)
    except ZeroDivisionError:
        tracebacks.print()
    assert capsys.readouterr().err.endswith("ZeroDivisionError: division by zero\n")
    with pytest.raises(ValueError, match="no exception is being handled"):
        tracebacks.print()


def test_print_without_a_stderr_is_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    """As under pythonw."""
    monkeypatch.setattr(sys, "stderr", None)
    tracebacks.print(failure(FAILS))


def test_to_dict_goes_through_json() -> None:
    """It has a version, and gives the snapshot again."""
    exc = failure("""
        def main():
            thing = Thing()
            try:
                {}["a"]
            except KeyError as error:
                group = ExceptionGroup("g", [ValueError(1), TypeError(2)])
                group.add_note("n")
                raise group from error
            later = 1
    """)
    data = json.loads(json.dumps(tracebacks.to_dict(exc)))
    assert data["version"] == 1
    assert data["type"] == "ExceptionGroup"
    assert data["notes"] == ["n"]
    assert [member["type"] for member in data["members"]] == ["ValueError", "TypeError"]
    assert data["cause"]["type"] == "KeyError"
    (frame,) = data["frames"]
    assert frame["code"] == ["main", "app.py", 1, 3, 0]
    assert frame["line"] == 8
    assert frame["source"] == ["        raise group from error"]
    assert frame["locals"][0] == {"name": "thing", "value": "Thing()", "why": ""}
    assert frame["locals"][-1] == {
        "name": "later",
        "value": None,
        "why": "not yet assigned",
    }
    assert TracebackSnapshot.from_dict(data) == tracebacks.capture(exc)


@pytest.mark.parametrize("error", [MemoryError, SystemExit, AssertionError])
def test_if_we_fail_there_is_pythons_traceback(
    error: type[BaseException], monkeypatch: pytest.MonkeyPatch
) -> None:
    """No error of ours reaches the program."""

    def fails(*_: object, **__: object) -> Any:
        raise error

    exc = failure(FAILS)
    monkeypatch.setattr("frametools.tracebacks.printing.capture", fails)
    monkeypatch.setattr("frametools.tracebacks.printing.capture_given", fails)
    assert tracebacks.format(exc) == "".join(traceback.format_exception(exc))
    assert tracebacks.to_dict(exc)["type"] == "ZeroDivisionError"
    assert TracebackSnapshot.from_dict(tracebacks.to_dict(exc)).frames == ()


@pytest.mark.parametrize(
    "function", [tracebacks.format, tracebacks.print, tracebacks.to_dict]
)
def test_a_wrong_option_is_a_mistake_of_the_caller(function: Any) -> None:
    """It is told, not swallowed."""
    with pytest.raises(TypeError, match="depth"):
        function(failure(FAILS), depth=3)


class Odd(Exception):
    """An exception that refuses to be asked."""

    def __getattribute__(self, name: str) -> Any:
        raise SystemExit(name)

    def __str__(self) -> str:
        raise KeyboardInterrupt


def test_an_exception_that_minds_is_shown() -> None:
    """Neither its `__str__` nor its attributes are needed."""
    exc = failure("def main():\n    thing = Thing()\n    raise Odd\n", Odd=Odd)
    text = tracebacks.format(exc)
    assert text.endswith("Odd: <str raised KeyboardInterrupt>\n")
    assert "      thing = Thing()\n" in text


ran: list[str] = []


class Meta(type):
    """A metaclass that tells what it is asked."""

    def __getattribute__(cls, name: str) -> Any:
        ran.append(name)
        return super().__getattribute__(name)


class WithProperties(SyntaxError, metaclass=Meta):
    """What Python's own traceback would ask for tells that it ran."""

    @property  # type: ignore[misc]
    def __notes__(self) -> Any:
        ran.append("__notes__ ran")
        return ["a note"]

    @property
    def filename(self) -> Any:  # type: ignore[override]
        """Tell that it ran."""
        ran.append("filename ran")
        return "f"


def test_properties_and_metaclasses_of_exceptions_do_not_run() -> None:
    """A metaclass is asked for `__str__` only; texts of a class are shown."""
    names: Any = {"Odd": WithProperties}
    exc = failure("def main():\n    thing = Thing()\n    raise Odd('m')\n", **names)
    ran.clear()
    tracebacks.to_dict(exc)
    assert set(ran) <= {"__str__"}
    noted = type("Noted", (ValueError,), {"__notes__": ["of the class"]})
    assert tracebacks.format(noted()).endswith("Noted\nof the class\n")


@pytest.mark.parametrize("error", [SystemExit, KeyboardInterrupt])
def test_a_suggestion_that_raises_is_left_out(error: type[BaseException]) -> None:
    """Python would ask the object of an AttributeError for its `__dir__`."""

    class Odd:
        def __dir__(self) -> Any:
            raise error

    exc = failure("def main():\n    thing = Thing()\n    odd.x\n", odd=Odd())
    assert tracebacks.format(exc).endswith("object has no attribute 'x'\n")


@pytest.mark.parametrize("notes", [5, "text", [5], None, ["\ud800"]])
def test_odd_notes_are_shown(notes: object) -> None:
    """`__notes__` may be anything."""
    exc = failure(FAILS)
    exc.__notes__ = notes  # type: ignore[assignment]
    text = tracebacks.format(exc)
    text.encode()
    assert "ZeroDivisionError: division by zero\n" in text


@pytest.mark.parametrize(
    "function",
    [tracebacks.format, tracebacks.print, tracebacks.to_dict, tracebacks.capture],
    ids=["format", "print", "to_dict", "capture"],
)
@pytest.mark.parametrize(
    ("given", "what"),
    [
        (3, "3 of type int"),
        ("a", "'a' of type str"),
        (None, "None"),
        (ValueError, "the class ValueError"),
        (int, "the class int"),
    ],
    ids=["int", "str", "none", "class", "other-class"],
)
def test_what_is_no_exception_is_told(function: Any, given: object, what: str) -> None:
    """In one sentence, which names what was given."""
    with pytest.raises(TypeError) as caught:
        function(given)
    name = function.__name__
    assert str(caught.value) == f"tracebacks.{name} takes an exception, not {what}"


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (tracebacks.format, "format() missing 1 required .* 'exc'"),
        (lambda: tracebacks.format(ValueError(), 5), "format() takes 1 positional"),
        (lambda: tracebacks.print(ValueError(), 5), "print() takes .* positional"),
        (tracebacks.to_dict, "to_dict() missing 1 required .* 'exc'"),
        (lambda: tracebacks.print(ValueError(), file=5), "file is a text stream, or"),
        (lambda: tracebacks.print(file="a.log"), "file is a text stream, or None"),
        (lambda: tracebacks.print(ValueError(), colour=5), "colour is True or False"),
    ],
    ids=["none", "two", "print-two", "to_dict", "number", "path", "colour"],
)
def test_a_wrong_call_is_told_in_one_line(call: Any, says: str) -> None:
    """With the name that was called, before anything is written."""
    with pytest.raises(TypeError, match=says.replace("()", r"\(\)")) as caught:
        call()
    assert "\n" not in str(caught.value)


def test_the_exception_may_be_given_by_its_name() -> None:
    """As `exc`."""
    exc = failure(FAILS)
    assert tracebacks.format(exc=exc) == tracebacks.format(exc)
    assert tracebacks.to_dict(exc=exc) == tracebacks.to_dict(exc)


def test_what_is_given_may_be_hostile() -> None:
    """Nothing of it runs but its `__repr__`, which may fail."""

    class Posing:
        @property  # type: ignore[misc]
        def __class__(self) -> Any:
            return ValueError

        def __repr__(self) -> str:
            raise SystemExit

    with pytest.raises(TypeError, match="takes an exception, not <test_what"):
        tracebacks.format(Posing())  # type: ignore[arg-type]
