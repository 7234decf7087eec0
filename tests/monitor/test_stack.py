"""The live stack: depth, who called, every place, the text; and no frame is kept."""

from __future__ import annotations

import contextlib
import functools
import gc
import io
import os
import subprocess
import sys
import traceback
import types
import weakref
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frametools._python import INLINES_COMPREHENSIONS
from frametools.monitor import _depth, _places
from frametools.monitor.stack import (
    Place,
    caller,
    caller_message,
    current_depth,
    print_stack,
    walk,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).parents[2]


def deep(depth: int, what: Callable[[], Any]) -> Any:
    """Call `what` from under so many more calls."""
    return deep(depth - 1, what) if depth else what()


@contextlib.contextmanager
def recursion_limit(limit: int) -> Iterator[None]:
    """Allow deeper recursion for a while."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(limit)
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


def run(code: str, *words: str, **more: Any) -> str:
    """Run a program in a process of its own; what it printed."""
    done = subprocess.run(
        [sys.executable, *(words or ("-c", code))],
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        **more,
    )
    assert done.stderr == ""
    return done.stdout


# --- depth ---

SITUATIONS = """
import _thread, threading
from itertools import chain, islice
from frametools.monitor.stack import current_depth as depth

def show(*what):
    print(*what)

show("module", depth())
def a(): return depth()
def b(): return a()
def c(): return b()
show("calls", a(), c())
class Body:
    depth = depth()
show("class", Body.depth)
exec("show('exec', depth())")
show("comprehension", [depth() for _ in "x"][0], "lambda", (lambda: depth())())
def generate():
    yield depth()
    yield depth()
def later(generator):
    return next(generator)
generator = generate()
show("generator", next(generator), later(generator))
show("expression", next(depth() for _ in "x"))
async def awaited(): return depth()
async def coroutine(): return depth(), await awaited()
try:
    coroutine().send(None)
except StopIteration as end:
    show("coroutine", *end.value)
show("sort", sorted([1], key=lambda _: depth()) and depth())
def in_thread():
    show("thread", depth(), a())
class Own(threading.Thread):
    def run(self):
        show("run", depth())
for thread in threading.Thread(target=in_thread), Own():
    thread.start()
    thread.join()
done = _thread.allocate_lock()
done.acquire()
def bare():
    show("bare", depth())
    done.release()
_thread.start_new_thread(bare, ())
done.acquire()
found = []
calls = islice(iter(depth, -1), 1), islice(iter(done.release, -1), 1)
_thread.start_new_thread(found.extend, (chain(*calls),))
done.acquire()
show("called by C", found[0])
show("module", depth())
"""

ANSWERS = f"""module 0
calls 1 3
class 1
exec 1
comprehension {0 if INLINES_COMPREHENSIONS else 1} lambda 1
generator 1 2
expression 1
coroutine 1 2
sort 0
thread 0 1
run 0
bare 0
called by C 0
module 0
"""


@pytest.mark.parametrize("words", [("situations.py",), ("-m", "situations")])
def test_depth_in_every_situation(tmp_path: Path, words: tuple[str, ...]) -> None:
    """0 at module level and in a thread's target, 1 in what they call, and so on."""
    (tmp_path / "situations.py").write_text(SITUATIONS)
    assert run("", *words, cwd=tmp_path) == ANSWERS


@given(st.integers(0, 4000), st.integers(1, 60_000))
def test_depth_is_found_from_any_guess(depth: int, guess: int) -> None:
    """Where the stack ended last is only a hint."""

    def look() -> int:
        _depth._last[0] = guess
        return current_depth()

    with recursion_limit(10_000):
        assert deep(depth, look) - deep(0, look) == depth
        assert deep(depth, current_depth) - deep(0, current_depth) == depth


def test_depth_of_a_very_deep_stack() -> None:
    """50,000 calls deep is as right as one."""
    with recursion_limit(60_000):
        assert deep(50_000, current_depth) - deep(0, current_depth) == 50_000


def test_depth_among_functions_without_a_module() -> None:
    """Frames that look as if the stack ended there do not end it."""
    nameless = types.FunctionType(deep.__code__, {})
    nameless.__globals__["deep"] = nameless
    for depth in (1, 13, 100, 700):
        _depth._last[0] = 1
        assert nameless(depth, current_depth) - deep(0, current_depth) == depth


COUNTS = """
import gc, sys
from frametools.monitor import _depth
from frametools.monitor.stack import current_depth
gc.disable()
def deep(depth, what):
    if depth:
        return deep(depth - 1, what)
    _depth._last[0] = 1
    before = sys.getallocatedblocks()
    what()
    return sys.getallocatedblocks() - before
def loop():
    frame = sys._getframe()
    while frame is not None:
        frame = frame.f_back
def nothing(): pass
sys.setrecursionlimit(10_000)
def made(depth, what):
    deep(depth, what)
    return deep(depth, what) - deep(depth, nothing)
print(made(1000, loop) >= 1000, made(998, current_depth) <= 16)
print(max(made(depth, current_depth) for depth in range(0, 3000, 41)) <= 24)
"""


@pytest.mark.skipif(not sys.getallocatedblocks(), reason="this allocator counts none")
def test_depth_makes_few_frame_objects() -> None:
    """At most 16 where a loop over f_back makes 1,000, and at most 24 elsewhere."""
    assert run(COUNTS) == "True True\nTrue\n"


def test_depth_asks_for_no_frame_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a probe finds is used: each look follows 1,000 pointers. None is kept."""
    found: list[int] = []

    def ask(depth: int) -> types.FrameType:
        frame = sys._getframe(depth + 1)
        found.append(id(frame))
        return frame

    monkeypatch.setattr(_depth, "_getframe", ask)
    monkeypatch.setattr(_depth, "_probe", _depth._frame_if_there)
    local = Local()
    alive = weakref.ref(local)
    with recursion_limit(10_000):
        distances = deep(2000, lambda: _depth.outermost(1)[0])
    assert distances > 2000
    assert len(found) == len(set(found))
    del local
    assert alive() is None


# --- who called ---


class Asking:
    """Asks from a method."""

    def method(self, depth: int = 1) -> Place:
        """Ask who called."""
        return caller(depth)


def test_caller_is_plain() -> None:
    """Name, qualname, file, line and position of the call."""
    place = Asking().method()
    line = sys._getframe().f_lineno - 1
    assert (place.name, place.qualname) == (("test_caller_is_plain"),) * 2
    assert (place.file, place.line) == (__file__, line)
    assert place.position == (line, line, 12, 29)
    short = _places.short_path(__file__)
    assert str(place) == f"test_caller_is_plain in {short}:{line}"
    assert repr(place) == f"<Place test_caller_is_plain at {__file__}:{line}>"


def test_caller_counts_frames() -> None:
    """0 is the function that asks; a wrapper is a frame as any other."""

    @functools.wraps(Asking.method)
    def wrapper(*args: Any) -> Place:
        return Asking.method(*args)

    def asks_through() -> list[str]:
        return [wrapper(Asking(), depth).name for depth in (0, 1, 2)]

    names = asks_through() if INLINES_COMPREHENSIONS else None
    assert names in (None, ["method", "wrapper", "asks_through"])
    assert Asking().method(0).qualname == "Asking.method"


@pytest.mark.parametrize("depth", [-1, 10**6])
def test_caller_beyond_the_stack(depth: int) -> None:
    """One clear error says how far the stack goes."""
    why = (
        "depth is at least 0" if depth < 0 else f"there are {len(walk())} frames below"
    )
    with pytest.raises(ValueError, match=rf"^caller\({depth}\): {why}"):
        Asking().method(depth)


def test_message_says_who_called(tmp_path: Path) -> None:
    """A function, a method, the module: each as a reader would name it."""
    script = tmp_path / "script.py"
    script.write_text(
        "from frametools.monitor.stack import caller_message as say\n"
        "def check(): print(say('wrong.'))\n"
        "class Basket:\n"
        "    def add(self): check()\n"
        "def process(): check()\n"
        "process(); Basket().add(); check(); (lambda: check())()\n"
        "def deeper(): print(say('wrong', 2))\n"
        "def between(): deeper()\n"
        "between(); say.__call__('x', 9)\n"
        "print(say('no caller'))\n"
    )
    assert run("", str(script), cwd=tmp_path.parent).splitlines() == [
        f"wrong. Called from {who}"
        for who in (
            f"process() at {tmp_path.name}/script.py:5",
            f"Basket.add() at {tmp_path.name}/script.py:4",
            f"module level at {tmp_path.name}/script.py:6",
            f"<lambda> at {tmp_path.name}/script.py:6",
            f"module level at {tmp_path.name}/script.py:9",
        )
    ] + ["no caller"]


# --- all of it ---


def test_walk_agrees_with_traceback() -> None:
    """The same places as the standard library finds, innermost first."""
    found, expected = walk(), traceback.extract_stack()
    assert found.materialised == len(found) == len(expected)
    places = [(row.file, row.line, row.name) for row in found]
    assert places == [(row.filename, row.lineno, row.name) for row in expected[::-1]]


@pytest.mark.parametrize(("limit", "expected"), [(0, 0), (1, 1), (3, 3)])
def test_walk_stops_at_the_limit(limit: int, expected: int) -> None:
    """No more frame objects are made than rows are asked for."""
    found = walk(limit)
    assert (len(found), found.materialised) == (expected, expected)


BELOW_ZERO = {
    "walk": lambda: walk(-1),
    "print_stack": lambda: print_stack(limit=-1),
    "caller_message": lambda: caller_message("x", -1),
}


@pytest.mark.parametrize("name", BELOW_ZERO)
def test_no_number_below_zero(name: str) -> None:
    """It is told, not taken for something else."""
    message = rf"^{name}\(\): (limit|depth) is at least 0, not -1$"
    with pytest.raises(ValueError, match=message):
        BELOW_ZERO[name]()


def test_walk_is_of_where_it_began() -> None:
    """Whoever iterates, the rows are those of the call."""
    expected = [row.name for row in walk()]
    rows = walk()
    assert deep(5, lambda: [row.name for row in rows]) == expected


REFUSED: dict[str, tuple[Callable[[Any], object], str]] = {
    "caller": (caller, "caller(): depth is a whole number of frames, not {}"),
    "text": (caller_message, "caller_message(): text is a str, not {}"),
    "message": (
        lambda wrong: caller_message("x", wrong),
        "caller_message(): depth is a whole number of frames, not {}",
    ),
    "walk": (walk, "walk(): limit is a whole number of frames, not {}; None is all"),
    "print_stack": (
        lambda wrong: print_stack(io.StringIO(), wrong),
        "print_stack(): limit is a whole number of frames, not {}; None is all",
    ),
    "file": (print_stack, "print_stack(): file is a text stream, not {}"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_wrong_is_refused_in_a_sentence(what: str) -> None:
    """TypeError, that names function and parameter; and no frame is kept."""
    function, message = REFUSED[what]

    def look() -> list[weakref.ref[Local]]:
        local = Local()
        for wrong, name in ((1.5, "float"), ([], "list"), (Local, "type")):
            found = _error_of(functools.partial(function, wrong))
            assert found == message.format(name)
        return [weakref.ref(local)]

    assert look()[0]() is None


# --- and no frame is kept ---


class Local:
    """Something that a frame has."""


def _error_of(what: Callable[[], object]) -> str:
    try:
        what()
    except (ValueError, TypeError) as error:
        return str(error)
    return ""


WAYS: dict[str, Callable[[], object]] = {
    "current_depth": current_depth,
    "current_depth, cold": lambda: deep(300, current_depth),
    "caller": lambda: (caller(0), caller(1), caller(1).position),
    "caller, beyond": lambda: _error_of(lambda: caller(10**6)),
    "caller_message": lambda: caller_message("x"),
    "walk": walk,
    "walk, iterated": lambda: iter(walk()),
    "snapshot": lambda: [place.snapshot() for place in walk(2)],
    "print_stack": lambda: print_stack(io.StringIO()),
}


@pytest.mark.parametrize("way", WAYS)
def test_no_frame_is_kept(way: str) -> None:
    """What the frame had dies by reference counting, while the result lives."""

    def look() -> tuple[weakref.ref[Local], object]:
        local = Local()
        return weakref.ref(local), WAYS[way]()

    gc.collect()
    gc.disable()
    try:
        local, result = look()
        assert local() is None
    finally:
        gc.enable()
    del result


UNENDED = ["no", "a 'b'", "f()", "got []", "at <here>", "x = '='", "two\n  lines"]
ENDED = ["no.", "no!", "why?", "wait...", "wait…", "got:", "so,", "so;", "this -"]
ENDED += ['it said "no."', "(not so.)", "“why?”", "一。", "(see a:)"]


@pytest.mark.parametrize("text", [*UNENDED, *ENDED])
def test_message_has_one_mark_at_its_end(text: str) -> None:
    """A full stop, or the mark that it has, be it inside of quotes or brackets."""
    shown = text if text in ENDED else f"{text}."
    for spaces in "", " ", "\n":
        found = caller_message(f"{text}{spaces}").partition("Called from ")
        assert found[0] == f"{shown} "


def test_message_without_text() -> None:
    """It says who called, and nothing before that."""
    for text in "", "  ":
        assert caller_message(text).startswith("Called from ")
