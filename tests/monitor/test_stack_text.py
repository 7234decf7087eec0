"""`print_stack`: the live stack as text."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

import pytest

from frametools.monitor import _places
from frametools.monitor.stack import print_stack

if TYPE_CHECKING:
    from collections.abc import Callable


def deep(depth: int, what: Callable[[], object]) -> object:
    """Call `what` from under so many more calls."""
    return deep(depth - 1, what) if depth else what()


def outer(stream: io.StringIO, depth: int) -> None:
    """Print from under some equal calls."""
    deep(depth, lambda: print_stack(stream, limit=depth + 3))


def test_stack_as_text() -> None:
    """Outermost first, aligned, with the source; equal lines are shown once."""
    stream = io.StringIO()
    outer(stream, 4)
    source = "deep(depth, lambda: print_stack(stream, limit=depth + 3))"
    recursion = "return deep(depth - 1, what) if depth else what()"
    name, code = _places.short_path(__file__), outer.__code__
    at, line = f"{name}:{code.co_firstlineno + 2}", deep.__code__.co_firstlineno + 2
    below = f"{name}:{line}".ljust(len(at))
    assert stream.getvalue().splitlines() == [
        f"  outer                    {at}  {source}",
        f"→ deep                     {below}  {recursion}",
        "  ... the frame above repeated 4 more times ...",
        f"→ outer.<locals>.<lambda>  {at}  {source}",
    ]


def even(n: int, what: Callable[[], object]) -> object:
    """Call by turns."""
    return odd(n - 1, what) if n else what()


def odd(n: int, what: Callable[[], object]) -> object:
    """Call by turns."""
    return even(n - 1, what)


@pytest.mark.parametrize(("calls", "shown"), [(4, 6), (6, 5), (100, 5)])
def test_mutual_recursion_is_shown_once(calls: int, shown: int) -> None:
    """From three rounds on; before, in full."""
    stream = io.StringIO()
    even(calls, lambda: print_stack(stream, limit=calls + 2))
    lines = stream.getvalue().splitlines()
    assert len(lines) == shown
    says = f"  ... the 2 frames above repeated {calls // 2 - 1} more times ..."
    assert lines[2] == says or calls == 4


def test_stack_as_ascii() -> None:
    """What the stream cannot encode is not written to it."""
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, "ascii")
    outer(stream, 2)
    stream.flush()
    lines = raw.getvalue().decode().splitlines()
    assert [line.strip().split(" ")[0] for line in lines] == [
        "outer",
        "->",
        "...",
        "->",
    ]


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "no such thing"])
def test_stack_in_any_encoding(encoding: str) -> None:
    """Source that the stream cannot encode is escaped, and nothing is raised."""

    class Stream(io.StringIO):
        pass

    stream = Stream()
    Stream.encoding = encoding  # type: ignore[misc]
    print_stack(stream, limit=1), "→é"
    line = stream.getvalue()
    assert line.endswith('\\u2192é"\n' if encoding == "latin-1" else '\\u2192\\xe9"\n')


def test_stack_goes_to_standard_error(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """By default; without one, nowhere."""
    print_stack(limit=1)
    text = capsys.readouterr().err
    assert text.split()[0] == "test_stack_goes_to_standard_error"
    assert text.endswith("  print_stack(limit=1)\n")
    print_stack(limit=0)
    monkeypatch.setattr(sys, "stderr", None)
    print_stack()
