"""Tracebacks: real ones, whose frames stand for VM frames."""

# ruff: noqa: D103, PT017

from __future__ import annotations

import gc
import sys
import traceback
import types
import weakref
from typing import Any

import pytest

from frametools.vm import tracebacks
from frametools.vm.vm import VM


def in_vm(function: Any) -> Any:
    """Return a function as the VM runs it."""
    return VM().function(function)


def raised_by(function: Any, *args: Any) -> BaseException:
    """Return the exception that a function raises, without this frame."""
    try:
        function(*args)
    except BaseException as error:
        assert error.__traceback__ is not None
        return error.with_traceback(error.__traceback__.tb_next)
    raise AssertionError("nothing was raised")


def fails(a: int, b: str = "two") -> None:
    c = [a]

    def inner(d: str) -> object:
        return c[0] + a + d  # type: ignore[operator]

    inner(b)


def positions(error: BaseException) -> list[Any]:
    """Return line, offset and columns of each entry."""
    return [
        (frame.f_code.co_name, line, tuple(summary_position(entry)))
        for entry in entries(error)
        for frame, line in [(entry.tb_frame, entry.tb_lineno)]
    ]


def entries(error: BaseException) -> list[types.TracebackType]:
    """Return the entries of a traceback."""
    found, entry = [], error.__traceback__
    while entry is not None:
        found.append(entry)
        entry = entry.tb_next
    return found


def summary_position(entry: types.TracebackType) -> Any:
    """Return the position of an entry, as `traceback` finds it."""
    rows = list(entry.tb_frame.f_code.co_positions())
    return rows[entry.tb_lasti // 2]


def test_positions() -> None:
    """Lines and columns are those of the host."""
    native, observed = raised_by(fails, 1), raised_by(in_vm(fails), 1)
    assert positions(observed) == positions(native)


def test_nothing_of_ours_shows() -> None:
    """A native caller sees program frames only, also below its own calls."""

    def program() -> Any:
        return sorted([1], key=lambda n: [].missing)  # type: ignore[attr-defined]

    names = [entry.tb_frame.f_code.co_name for entry in entries(raised_by(program))]
    error = raised_by(in_vm(program))
    assert [entry.tb_frame.f_code.co_name for entry in entries(error)] == names
    assert all(tracebacks.is_twin(entry.tb_frame) for entry in entries(error))


def test_native_readers_see_variables() -> None:
    """`f_locals` of a twin has locals, cells and free variables by name."""
    first, second = entries(raised_by(in_vm(fails), 1))
    found = dict(first.tb_frame.f_locals)
    assert {name: found[name] for name in "abc"} == {"a": 1, "b": "two", "c": [1]}
    assert dict(second.tb_frame.f_locals) == {"a": 1, "c": [1], "d": "two"}
    assert first.tb_frame.f_globals is globals()
    assert "f_locals" not in repr(second.tb_frame.f_locals)


def test_suggestions(capsys: pytest.CaptureFixture[str]) -> None:
    """The host suggests a variable of a VM frame for a wrong name."""

    def program() -> None:
        first_value = 1  # noqa: F841 - to be suggested
        print(first_values)  # type: ignore[name-defined]  # noqa: F821

    sys.excepthook(NameError, raised_by(in_vm(program)), None)
    assert "Did you mean: 'first_value'" in capsys.readouterr().err


def test_module_code() -> None:
    """The twin of a module's frame shows the module's own namespace."""
    names: dict[str, Any] = {"__name__": "m", "__builtins__": __builtins__}
    co = compile("x = 1\nx.nothing\n", "<m>", "exec")

    def program() -> None:
        exec(co, names)

    last = entries(raised_by(in_vm(program)))[-1]
    assert last.tb_lineno == 2
    assert last.tb_frame.f_locals is names


def test_short_code() -> None:
    """Code of fewer instructions than the twin's beginning has one as well."""
    co = compile("x", "<short>", "eval")

    def program() -> None:
        eval(co, {})

    last = entries(raised_by(in_vm(program)))[-1]
    assert last.tb_lineno == 1


def test_namespace_without_builtins_is_left_alone() -> None:
    """Making a twin puts nothing into the globals."""
    names: dict[str, Any] = {}
    function = types.FunctionType(fails.__code__.replace(co_name="f"), names)
    error = raised_by(in_vm(function), None, "b")
    assert names == {}
    assert entries(error)[0].tb_lineno > 0


def down(n: int) -> None:
    if n:
        down(n - 1)
    else:
        raise KeyError


def test_deep() -> None:
    """Ten thousand frames, each with its entry."""

    def program() -> int:
        limit = sys.getrecursionlimit()
        sys.setrecursionlimit(20_000)
        try:
            down(10_000)
        except KeyError as error:
            return len(list(traceback.walk_tb(error.__traceback__)))
        finally:
            sys.setrecursionlimit(limit)
        return 0

    assert in_vm(program)() == 10_002


def test_clear_of_a_twin_frees_variables() -> None:
    """`traceback.clear_frames`, run natively, clears the VM's frames."""

    class Local:
        pass

    def program(made: list[Any]) -> None:
        local = Local()
        made.append(weakref.ref(local))
        raise KeyError

    gc.disable()
    try:
        made: list[Any] = []
        error = raised_by(in_vm(program), made)
        assert made[0]() is not None
        traceback.clear_frames(error.__traceback__)
        assert made[0]() is None
    finally:
        gc.enable()


def test_traceback_keeps_frames_no_longer() -> None:
    """With the exception go the frames and what is in them, without the collector."""

    class Local:
        pass

    def program(made: list[Any]) -> None:
        local = Local()
        made.append(weakref.ref(local))
        raise KeyError

    gc.disable()
    try:
        made: list[Any] = []
        raised_by(in_vm(program), made)
        assert made[0]() is None
    finally:
        gc.enable()


def test_native_between() -> None:
    """Frames of the host and of the VM take turns in one traceback."""
    namespace: dict[str, Any] = {"__name__": "native"}
    exec("def native(fn):\n    return fn()\n", namespace)

    def program() -> None:
        {}["deepest"]

    inner = in_vm(program)
    error = raised_by(in_vm(lambda: list(map(inner.__call__, [])) or inner()))
    assert entries(error)[-1].tb_frame.f_code.co_name == "program"


class Hostile(Exception):
    """An exception on which nothing can be set."""

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(name)


def test_hostile_exception() -> None:
    """A class whose `__setattr__` refuses has a traceback and a context as well."""

    def program() -> None:
        try:
            raise KeyError
        except KeyError:
            raise Hostile  # noqa: B904

    error = raised_by(in_vm(program))
    assert type(error) is Hostile
    assert len(entries(error)) == 1
    assert type(error.__context__) is KeyError


@pytest.mark.parametrize("name", ["keys", "values", "items", "copy"])
def test_twin_locals_is_a_mapping(name: str) -> None:
    """It answers as a dict of the bound variables would."""
    twin = entries(raised_by(in_vm(fails), 1))[1].tb_frame
    seen = twin.f_locals
    expected = {"d": "two", "a": 1, "c": [1]}
    assert list(getattr(seen, name)()) == list(getattr(expected, name)())
    assert seen["d"] == "two"
    assert "d" in seen
    assert "zz" not in seen
    assert len(seen) == 3
    assert seen.get("zz", 5) == 5
    assert sorted(seen) == sorted(expected)
