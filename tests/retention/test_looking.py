"""Looking changes nothing: no code of the program runs, the collector is as it was."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import threading
import weakref
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import frametools
from frametools import retention

ran: list[str] = []


def note(name: str) -> Any:
    """Make a method that says that it ran."""

    def method(*_args: object, **_options: object) -> Any:
        ran.append(name)
        raise AssertionError(name)

    return method


class HostileType(type):
    """A metaclass that says when it is asked anything."""

    __getattribute__ = note("type.__getattribute__")
    __eq__ = note("type.__eq__")
    __hash__ = note("type.__hash__")  # type: ignore[assignment]
    __repr__ = note("type.__repr__")
    __instancecheck__ = note("type.__instancecheck__")


def hostile_namespace() -> dict[str, Any]:
    """Give all that a class can define to be asked."""
    names = "__getattribute__ __getattr__ __eq__ __hash__ __repr__ __str__ __sizeof__"
    names += " __len__ __iter__ __contains__ __bool__ __reduce_ex__ __dir__ __format__"
    space: dict[str, Any] = {name: note(name) for name in names.split()}
    space |= {name: property(note(name)) for name in ("__class__", "__dict__")}
    return space


def test_no_code_of_the_program_runs() -> None:
    """Hostile objects, classes, keys and exceptions are found without being asked."""
    before = retention.snapshot()
    hostile = HostileType("Hostile", (), hostile_namespace())
    space = hostile_namespace()
    space |= {
        name: property(note(name))
        for name in ("__traceback__", "__context__", "__cause__", "args", "value")
    }
    failure = HostileType("Failure", (Exception,), space)
    kept = SimpleNamespace()

    def fail() -> None:
        local = hostile()
        mapping = {id: local, local.__class__: 1} if False else {id: local}
        subclassed = HostileType("List", (list,), hostile_namespace())()
        list.append(subclassed, mapping)
        raise failure()

    try:
        fail()
    except BaseException as error:
        kept.error = [error]
    ran.clear()  # `raise` itself has asked the class
    holder = object.__new__(hostile)
    kept.holder = holder
    leaks = retention.diff(before)
    found = retention.why(kept.error[0])
    [str(leak) for leak in leaks]
    assert ran == []
    assert [leak.head for leak in leaks] == ["Failure"]
    assert [holder.path.partition(" in ")[0] for holder in found] == ["kept.error[0]"]
    vars(kept).clear()
    assert retention.diff(before) == []
    assert ran == []


def state_of_the_collector() -> tuple[object, ...]:
    """Give all that a program can set or ask."""
    return (
        gc.get_threshold(),
        gc.get_freeze_count(),
        list(gc.callbacks),
        gc.get_debug(),
        gc.isenabled(),
    )


@pytest.mark.parametrize("is_enabled", [True, False])
def test_the_collector_ends_as_it_began(app: Any, is_enabled: bool) -> None:
    """Thresholds, freeze count, callbacks, debug flags and the switch stay."""
    gc.collect()
    if not is_enabled:
        gc.disable()
    try:
        expected = state_of_the_collector()
        with retention.watch(min_size="1 MiB") as watch:
            app.saved_exception()
        before = retention.snapshot()
        retention.live(min_size="1 MiB", budget=1000)
        retention.diff(before)
        del before
        assert len(watch.leaks) == 1
        assert state_of_the_collector() == expected
    finally:
        gc.enable()


def test_frozen_objects_stay_frozen(app: Any) -> None:
    """What the program has frozen is not thawed; what is newer is found."""
    gc.collect()
    gc.freeze()
    try:
        count = gc.get_freeze_count()
        with retention.watch(min_size="1 MiB") as watch:
            app.saved_exception()
        assert [leak.head for leak in watch.leaks] == ["RuntimeError"]
        with pytest.raises(AssertionError, match=r"objects are frozen \(gc\.freeze\)"):
            watch.assert_none()
        # Some of those frozen have died meanwhile.
        assert 0.9 * count < gc.get_freeze_count() <= count
    finally:
        gc.unfreeze()
    assert retention.notes() == []


def test_no_snapshot_of_locals_is_left(app: Any) -> None:
    """A local that a frame gives up is freed, though it has been looked at."""
    before = retention.snapshot()

    class Big:
        pass

    def generate() -> Any:
        local = Big()
        alive.append(weakref.ref(local))
        yield 1
        del local
        yield 2

    alive: list[Any] = []
    generator = generate()
    next(generator)
    (leak,) = retention.diff(before)
    assert leak.frame.locals[0].name in ("local", "alive")
    next(generator)
    assert alive[0]() is None
    local = Big()
    alive.append(weakref.ref(local))
    retention.why(alive)
    del local
    assert alive[1]() is None
    del generator, generate, leak
    assert retention.diff(before) == []


def test_a_program_keeps_its_own_locals() -> None:
    """The dict that `locals()` gave to a program is not emptied."""
    value = object()
    mine = locals()
    retention.why(value)
    assert mine["value"] is value


def an_error_of_its_own_class() -> Exception:
    """Return an exception that has left a frame; only it has its class."""

    class OwnError(Exception):
        pass

    try:
        raise OwnError
    except OwnError as error:
        return error


def test_nothing_is_kept(app: Any) -> None:
    """After looking, what was looked at dies as ever: no frame is kept."""
    before = retention.snapshot()
    kept = [an_error_of_its_own_class()]
    alive, kind = weakref.ref(kept[0]), weakref.ref(type(kept[0]))
    retention.live(budget=1000)
    retention.why(kept[0])
    leaks = retention.live(budget=1000)
    assert any(leak.head == "OwnError" for leak in leaks)
    kept.clear()
    assert alive() is None
    gc.collect()
    assert kind() is None
    assert retention.diff(before) == []


GARBAGE = """
import gc
import situations as app
from frametools import retention

def look():
    with retention.watch(min_size="1 MiB") as watch:
        app.class_attribute()
    assert len(watch.leaks) == 1
    assert retention.why(app.Service.last_error)
    assert retention.live(min_size="1 MiB", cycles=True)

look()
gc.collect()
gc.disable()
gc.set_debug(gc.DEBUG_SAVEALL)
look()
gc.collect()
gc.set_debug(0)
print([type(found).__name__ for found in gc.garbage if found is not gc.garbage])
"""


def test_looking_leaves_no_garbage() -> None:
    """Nothing that is made to look waits for the collector."""
    done = subprocess.run(
        [sys.executable, "-c", GARBAGE],
        cwd=Path(__file__).parent,
        env={**os.environ, "PYTHONPATH": str(Path(frametools.__file__).parents[1])},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "[]\n"


def test_within_a_trace_function(app: Any) -> None:
    """A debugger's trace function may look, and the program's locals stay."""

    def trace(frame: Any, event: str, _arg: object) -> Any:
        if event == "line" and frame.f_code.co_name == "traced":
            retention.why(app)
        return trace

    def traced() -> int:
        first = 1
        second = 2
        return first + second

    sys.settrace(trace)
    try:
        assert traced() == 3
    finally:
        sys.settrace(None)


def test_odd_keys_and_classes(app: Any) -> None:
    """Keys that cannot be written, classes without a module, are no trouble."""
    before = retention.snapshot()
    space: dict[str, Any] = {}
    exec("Odd = type('Odd', (), {})", {}, space)
    odd = app.saved["odd"] = space.pop("Odd")()
    odd.error = app.small_error()
    deep: Any = ()
    for _ in range(8):
        deep = (deep, deep, deep)
    app.saved[10**5000] = app.small_error()
    app.saved[deep] = app.small_error()
    paths = {h.path for leak in retention.diff(before) for h in leak.holders}
    assert len(paths) >= 2
    assert max(map(len, paths)) < 200
    del odd
    app.let_go()
    assert retention.diff(before) == []


def test_an_error_of_ours_replaces_none(
    app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What leaves a watched block leaves it, whatever happens to the watch."""
    watch = retention.watch()
    monkeypatch.setattr(watch, "_find", lambda *_: 1 / 0)
    with pytest.raises(KeyError, match="theirs"), watch:
        raise KeyError("theirs")
    with pytest.raises(ZeroDivisionError):
        _ = watch.leaks


def test_errors_on_their_way_with_causes(app: Any) -> None:
    """Contexts, causes and members of groups are on their way as well."""
    watch = retention.watch()

    def fail() -> None:
        try:
            app.load_big()
        except RuntimeError as error:
            raise ExceptionGroup("group", [ValueError(), error]) from error

    with pytest.raises(ExceptionGroup), watch:
        fail()
    assert watch.leaks == []


def test_the_callback_is_taken_away(app: Any) -> None:
    """If the program empties `gc.callbacks`, all objects are searched instead."""
    with retention.watch(min_size="1 MiB") as watch:
        app.saved_exception()
        gc.callbacks.clear()
        gc.collect()
    assert [leak.head for leak in watch.leaks] == ["RuntimeError"]


def test_running_locals_of_a_traced_thread() -> None:
    """Locals of a thread that is within its profile function stay (3.11, 3.12)."""
    inside, done = threading.Event(), threading.Event()
    results = []

    def profile(frame: Any, event: str, _arg: object) -> None:
        if event == "call" and frame.f_code.co_name == "inner":
            inside.set()
            done.wait()

    def inner() -> None:
        pass

    def outer() -> None:
        kept = ["kept"]
        sys.setprofile(profile)
        inner()
        sys.setprofile(None)
        results.append(kept)

    thread = threading.Thread(target=outer)
    thread.start()
    inside.wait()
    retention.why(results)
    done.set()
    thread.join()
    assert results == [["kept"]]
