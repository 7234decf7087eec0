"""The order in which variables die, and that nobody sees them out of their places."""

# ruff: noqa: B018, D101, D102, D103, F841 - most functions are run for their ends

from __future__ import annotations

import gc
import sys
from types import FunctionType

import pytest

from frametools import vm
from frametools._python import CLEARS_LOCALS_FORWARD
from frametools.vm.frame import InterpreterFrame
from frametools.vm.opcodes import control

ends: list[str] = []


class Named:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        ends.append(self.name)


def returns(a, b, c):
    return 1


def returns_none(a, b, c):
    a.name


def raises(a, b, c):
    raise ValueError


def yields(a, b, c):
    yield 1


def ignores(a, b, c):
    try:
        yield 1
    except GeneratorExit:
        yield 2


def looks(a, b, c):
    sys._getframe()
    return 1


def call(function):
    """Call it with three objects that nobody else has; drop what it returns."""
    try:
        result = function(Named("a"), Named("b"), Named("c"))
        for _ in result if hasattr(result, "close") else ():
            break
    except ValueError:
        pass


FUNCTIONS = returns, returns_none, raises, yields, ignores, looks


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f.__name__)
def test_variables_die_in_the_order_of_the_host(
    function: FunctionType, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However a frame ends: by return, by an exception, as a generator is dropped."""
    monkeypatch.setattr(sys, "unraisablehook", lambda _: None)  # pytest's keeps frames
    ends.clear()
    call(function)
    observed = ends.copy()
    ends.clear()
    vm.call(call, function)
    assert ends == observed
    assert sorted(ends) == ["a", "b", "c"]


def keep_callee(a, b):
    return kept()


def kept():
    c = 3
    return sys._getframe()


def keep_error(a, b):
    try:
        raises(1, 2, 3)
    except ValueError as error:
        return error


def keep_caller_of_error(a, b):
    return getattr(Raising(), "x", errors.pop)()


errors: list[AttributeError] = []


class Raising:
    @property
    def x(self):
        try:
            raise AttributeError
        except AttributeError as error:
            errors.append(error)
            raise


def seen():
    """Return the variables of frames that ended, and of those that called them."""
    callee = keep_callee(1, 2)
    entry = keep_error(1, 2).__traceback__
    outer = keep_caller_of_error(1, 2).__traceback__.tb_frame.f_back
    frames = callee, callee.f_back, entry.tb_frame, entry.tb_next.tb_frame, outer
    return [{**frame.f_locals, "error": 0, "self": 0} for frame in frames]


def test_variables_of_a_frame_that_is_kept_stay_in_their_places() -> None:
    """Though it has ended, and although nothing has asked for its frame object yet."""
    assert vm.call(seen) == seen()


@pytest.mark.skipif(not CLEARS_LOCALS_FORWARD, reason="a list's items die in order")
def test_a_frame_that_nobody_has_needs_no_help(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its list is turned around as it returns: the loop's references are all there."""
    helped: list[InterpreterFrame] = []
    monkeypatch.setattr(control, "die_in_order", helped.append)

    def calls():
        return returns(1, 2, 3), returns_none(Named("a"), 2, 3)

    vm.call(calls)
    names = [frame.code.co.co_name for frame in helped]
    assert "returns" not in names
    assert "returns_none" not in names


def test_no_frame_is_kept() -> None:
    """Not by what waits for its end."""
    for function in FUNCTIONS[:4]:
        vm.call(call, function)
    vm.call(seen)
    gc.collect()
    assert [x for x in gc.get_objects() if type(x) is InterpreterFrame] == []
