"""Who keeps a frame alive, after each event of its life."""

from __future__ import annotations

import gc
import sys
import threading
from typing import Any

from frametools._python import CLOSE_KEEPS_UNSTARTED_FRAMES
from frametools.vm.ownership import Held, alive
from frametools.vm.vm import VM


def rows(vm: VM) -> list[tuple[str, str, str]]:
    """Return name, holder kind and state of the frames that are alive."""
    return [
        (held.frame.code.co.co_name, held.kind.value, held.state.value)
        for held in alive(vm)
    ]


def test_life_of_a_call() -> None:
    """A frame is held by its thread while it runs, then by who asked for its object."""
    vm = VM()

    def inner() -> Any:
        return sys._getframe()

    frame = vm.function(inner)()
    assert rows(vm) == [("inner", "frame object", "completed")]
    del frame
    assert rows(vm) == []


def test_stack() -> None:
    """The frames of a thread are on its stack, the innermost first."""
    vm = VM()

    def inner() -> Any:
        return look()

    def outer() -> Any:
        return inner()

    def look() -> list[tuple[str, str, str]]:
        return rows(vm)

    vm.codes[id(look.__code__)] = None  # it is called natively
    assert vm.function(outer)() == [
        ("inner", "thread", "executing"),
        ("outer", "thread", "executing"),
    ]
    assert rows(vm) == []


def test_life_of_a_generator() -> None:
    """Its frame is the generator's until it has ended."""
    vm = VM()

    def numbers() -> Any:
        yield 1

    gen = vm.function(numbers)()
    assert rows(vm) == [("numbers", "generator", "created")]
    next(gen)
    assert rows(vm) == [("numbers", "generator", "suspended")]
    frame = gen.gi_frame
    assert ("numbers", "frame object", "suspended") in rows(vm)
    list(gen)
    assert rows(vm) == [("numbers", "frame object", "completed")]
    del frame
    assert rows(vm) == []


def test_traceback() -> None:
    """A traceback keeps each frame that the exception has left."""
    vm = VM()

    def inner() -> None:
        raise ValueError

    def outer() -> None:
        inner()

    try:
        vm.function(outer)()
    except ValueError as error:
        found = rows(vm)
        del error
    assert ("inner", "traceback", "completed") in found
    assert ("outer", "traceback", "completed") in found
    assert ("outer", "callee", "completed") in found
    assert "frame object" not in {kind for _, kind, _ in found}
    assert rows(vm) == []


def test_kept_frame_keeps_its_callers() -> None:
    """A kept frame keeps those that it was called from, as f_back."""
    vm = VM()

    def inner() -> Any:
        return sys._getframe()

    def outer() -> Any:
        return inner()

    frame = vm.function(outer)()
    assert sorted(rows(vm)) == [
        ("inner", "frame object", "completed"),
        ("outer", "callee", "completed"),
    ]
    frame.clear()
    assert {held.state.value for held in named(vm, "inner")} == {"completed"}
    del frame
    assert rows(vm) == []


def test_cleared() -> None:
    """A frame that has been cleared holds nothing."""
    vm = VM()

    def inner(value: int) -> Any:
        return sys._getframe()

    frame = vm.function(inner)(1)
    frame.clear()
    assert rows(vm) == [("inner", "frame object", "cleared")]
    del frame
    gc.collect()
    assert rows(vm) == []


def named(vm: VM, name: str) -> list[Held]:
    """Return the rows of a function's frames."""
    return [held for held in alive(vm) if held.frame.code.co.co_name == name]


def test_frame_of_a_thread_that_is_over() -> None:
    """A frame that a thread leaves behind is the VM's still, not another thread's."""
    vm = VM()
    kept: list[Any] = []

    def work() -> None:
        kept.append(sys._getframe())

    thread = threading.Thread(target=vm.function(work))
    thread.start()
    thread.join()
    assert rows(vm) == [("work", "frame object", "completed")]
    kept.clear()
    assert rows(vm) == []


def test_closed_before_it_began() -> None:
    """close() leaves the frame to the generator where CPython does: 3.12 and 3.13."""
    vm = VM()

    def make() -> Any:
        yield 1

    generator = vm.function(make)()
    generator.close()
    kept = [("make", "generator", "completed")]
    assert rows(vm) == (kept if CLOSE_KEEPS_UNSTARTED_FRAMES else [])
    del generator
    assert rows(vm) == []
