"""`Place`: where a frame stood, and without the frame; and paths cut short."""

from __future__ import annotations

import functools
import gc
import os
import pickle
import sys
import types
import weakref
from pathlib import Path

import pytest

from frametools.monitor import _places
from frametools.monitor.stack import Place, caller, walk


class Asking:
    """Asks from a method."""

    def method(self, depth: int = 1) -> Place:
        """Ask who called."""
        return caller(depth)


def test_caller_stays_where_it_was() -> None:
    """The line is found when asked for: of then, though the function goes on."""
    first, second = Asking().method(0), Asking().method()
    line = sys._getframe().f_lineno - 1
    again = pickle.loads(pickle.dumps(second))
    assert first.line == Asking.method.__code__.co_firstlineno + 2
    assert (second.line, again.line) == (line, line)
    assert second.position[0] == again.position[0] == line
    assert not any(isinstance(x, types.FrameType) for x in gc.get_referents(second))


@pytest.mark.parametrize("text", ["f()", "\n" * 300 + "f(\n)", "x = [\n1,\nf()]"])
def test_caller_line_is_that_of_the_frame(text: str) -> None:
    """As `f_lineno` had it, of calls over several lines and far down, too."""
    asked: list[tuple[int, int]] = []

    def f() -> None:
        asked.append((caller().line, sys._getframe(1).f_lineno))

    exec(text, {"f": f})
    [(line, expected)] = asked
    assert line == expected


def test_place_is_pickled_compared_and_snapshot() -> None:
    """A place becomes text and numbers, and stays equal."""
    place, other = (Asking().method() for _ in "12")
    again = pickle.loads(pickle.dumps(place))
    assert place == other == again == pickle.loads(pickle.dumps(again))
    assert len({place, other, again}) == 1
    assert place != Asking().method()
    assert place != "a place"
    assert again.snapshot() == place.snapshot()._replace(code=again.snapshot().code)
    kept = place.snapshot()
    columns = kept.line, kept.end_line, kept.column, kept.end_column
    assert (kept.code.qualname, columns) == (place.qualname, place.position)


def test_place_without_columns() -> None:
    """Where there is no table, nothing is known."""
    place = Place()
    place._code = Asking.method.__code__.replace(co_linetable=b"")
    place._lasti = 4
    assert (place.line, place.position) == (0, (None,) * 4)


def test_paths_are_short(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """From the current directory, else from the folder of the import, else whole."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", ["", "/lib", "/lib/site", "/", Path("/")])
    names = f"{tmp_path}/a/b.py", "/lib/site/p/q.py", "/lib/json.py", "/etc/x.py"
    short = [_places.short_path(name) for name in names]
    assert short == ["a/b.py", "p/q.py", "json.py", "/etc/x.py"]
    assert _places.short_path("<string>") == "<string>"
    monkeypatch.setattr(os, "getcwd", functools.partial(os.stat, "/no such folder"))
    assert _places.short_path("/lib/json.py") == "json.py"


def test_a_walk_as_text() -> None:
    """`print(walk())` has a line for each place."""
    places = walk()
    assert str(places).splitlines() == [str(place) for place in places]


class Local:
    """Something that a frame has."""


def test_no_frame_is_kept() -> None:
    """A place that lives on has the code, and nothing of the call."""

    def look() -> tuple[weakref.ref[Local], list[Place]]:
        local = Local()
        places = [caller(0), caller(), walk(1)[0]]
        assert all(place.line and place.position for place in places)
        return weakref.ref(local), places

    gc.disable()
    try:
        local, places = look()
        assert local() is None
    finally:
        gc.enable()
    del places
