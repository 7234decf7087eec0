"""Logging on and off again: for good, and for the time of a block."""

from __future__ import annotations

import gc
import json
import sys
import types
from collections.abc import Iterator
from typing import Any
from weakref import ref

import pytest

from frametools._python import HAS_MONITORING
from frametools.calls import log_calls
from frametools.monitor.pep669 import TOOL_IDS


def test_off(lines: list[str]) -> None:
    """After `off` nothing is written, and no tool id is held."""

    @log_calls(sink=lines.append)
    def f() -> None:
        pass

    f()
    log_calls.off(f)
    f()
    assert lines == ["→ f()", "← f() = None"]
    if HAS_MONITORING:
        assert [sys.monitoring.get_tool(each) for each in TOOL_IDS] == [None] * 4


def test_off_in_the_middle(lines: list[str]) -> None:
    """A call that is not logged any more does not indent those that follow."""

    @log_calls(sink=lines.append)
    def f() -> None:
        log_calls.off(f)

    @log_calls(sink=lines.append)
    def g() -> None:
        pass

    f()
    g()
    assert lines[-2:] == ["→ g()", "← g() = None"]


def module_level(n: int) -> int:
    """Give it back."""
    return n


def test_active(lines: list[str]) -> None:
    """Within a block only; the name in this module is what it was."""
    before = module_level
    with log_calls.active(module_level, sink=lines.append):
        module_level(1)
    module_level(2)
    assert module_level is before
    assert lines == ["→ module_level(1)", "← module_level(1) = 1"]


def test_active_with_other_options(lines: list[str], backend: str) -> None:
    """A logged function has its own options again after the block."""
    if backend == "wrapping":
        pytest.skip("a wrapper has its options for good")
    log_calls(module_level, sink=lines.append, args=False)
    with log_calls.active(module_level, sink=lines.append):
        module_level(1)
    module_level(2)
    assert lines[::2] == ["→ module_level(1)", "→ module_level(…)"]


@pytest.mark.skipif(not HAS_MONITORING, reason="a wrapper has its options for good")
@pytest.mark.parametrize("backend", ["monitoring"], indirect=True)
@pytest.mark.parametrize("options", [{"min_duration": 60}, {"enabled": lambda: False}])
def test_other_options_within_a_call(lines: list[str], options: dict[str, Any]) -> None:
    """A call that began without a line has none; the depth of others is right."""

    def f(inner: bool) -> None:
        if inner:
            log_calls(f, sink=lines.append)
            f(False)

    log_calls(f, sink=lines.append, **options)
    f(True), f(False)
    twice = ["→ f(False)", "← f(False) = None"]
    assert lines == twice * 2


@pytest.mark.skipif(not HAS_MONITORING, reason="a wrapper has its options for good")
@pytest.mark.parametrize("backend", ["monitoring"], indirect=True)
def test_no_duration_is_known(lines: list[str]) -> None:
    """Of a call that began before anybody asked for it."""

    def f() -> None:
        log_calls(f, sink=lines.append, form="json")

    def g() -> None:
        log_calls(g, sink=lines.append, durations=True)

    for each in (f, g):
        log_calls(each, sink=lines.append)()
    assert lines[::2] == ["→ f()", "→ g()"]
    assert "seconds" not in json.loads(lines[1])
    assert lines[3] == "← g() = None"


@pytest.mark.parametrize("options", [{}, {"durations": True}])
@pytest.mark.parametrize("name", ["f", "g", "h"])
def test_a_sink_may_switch_off(
    options: dict[str, Any], name: str, backend: str
) -> None:
    """The calls around it, or its own; the depth is right after it.

    Wrappers write the end of what has begun.
    """
    lines: list[str] = []

    def sink(line: str) -> None:
        lines.append(line.partition("  [")[0])
        if "← g" in line:
            log_calls.off(found[name])

    @log_calls(sink=sink, **options)
    def f() -> None:
        g()

    @log_calls(sink=sink, **options)
    def g() -> None: ...

    @log_calls(sink=sink, **options)
    def h() -> None:
        f()

    @log_calls(sink=sink, **options)
    def last() -> None: ...

    found: dict[str, Any] = {"f": f, "g": g, "h": h}
    h()
    last()
    assert lines[:4] == ["→ h()", "  → f()", "    → g()", "    ← g() = None"]
    assert lines[-2:] == ["→ last()", "← last() = None"]
    ends = ["  ← f() = None", "← h() = None"]
    if backend == "monitoring":
        ends = {"f": ends[1:], "g": ends, "h": ["← f() = None"]}[name]
    assert lines[4:-2] == ends


class Shape:
    """Has a method."""

    def area(self, n: int = 3) -> int:
        """Give it back."""
        return n


def test_active_for_a_class_and_a_module(lines: list[str]) -> None:
    """All that a class or a module defines itself."""
    module: Any = types.ModuleType("app")
    exec("def f(): return g()\ndef g(): pass\nfrom os.path import join", vars(module))
    before = dict(vars(Shape)), dict(vars(module))
    with log_calls.active(Shape, sink=lines.append):
        Shape().area()
    with log_calls.active(module, sink=lines.append):
        module.f()
        module.join("a", "b")
    assert (dict(vars(Shape)), dict(vars(module))) == before
    assert lines == [
        "→ Shape.area(n=3)",
        "← Shape.area(n=3) = 3",
        "→ f()",
        "  → g()",
        "  ← g() = None",
        "← f() = None",
    ]


def test_active_without_code() -> None:
    """What has no code cannot be logged where it is."""
    with pytest.raises(TypeError, match=r"log_calls\.active"), log_calls.active(len):
        pass


def test_nothing_is_kept(lines: list[str], backend: str) -> None:
    """Arguments, results, exceptions and code die as if nobody had looked."""

    class Value:
        pass

    @log_calls(sink=lines.append)
    def f(value: Value) -> Value:
        if len(lines) > 2:
            raise ValueError(value)
        return value

    gc.disable()
    try:
        value = Value()
        watched = ref(value)
        f(value)
        with pytest.raises(ValueError, match="Value"):
            f(value)
        del value
        gc.collect()  # pytest.raises has a cycle
        assert watched() is None
    finally:
        gc.enable()
    code, f = ref(f.__code__), None  # type: ignore[assignment]
    assert lines[-1].startswith("✗ f(")
    assert backend != "monitoring" or code() is not None  # it is a constant of this


@pytest.mark.skipif(not HAS_MONITORING, reason="a wrapper has the arguments")
@pytest.mark.parametrize("backend", ["monitoring"], indirect=True)
def test_an_argument_dies_while_the_call_runs(lines: list[str]) -> None:
    """A function that deletes its argument lets go of it: no snapshot has it."""

    class Value:
        pass

    @log_calls(sink=lines.append)
    def f(values: list[Value]) -> bool:
        return inner(values.pop())

    @log_calls(sink=lines.append)
    def inner(value: Value) -> bool:
        watched = ref(value)
        del value
        return watched() is None

    assert f([Value()])


def test_code_that_is_gone(lines: list[str]) -> None:
    """A function made by `exec` may go, and is not logged any more."""
    names: dict[str, Any] = {}
    exec("def f(): pass", names)
    log_calls(names["f"], sink=lines.append)
    names["f"]()
    code = ref(names["f"].__code__)
    names.clear()
    gc.collect()
    assert code() is None


@pytest.mark.skipif(not HAS_MONITORING, reason="no events")
@pytest.mark.parametrize("backend", ["monitoring"], indirect=True)
def test_no_tool_id_is_free(lines: list[str]) -> None:
    """Then a wrapper does it, as on 3.11."""
    for tool_id in TOOL_IDS:
        sys.monitoring.use_tool_id(tool_id, "somebody")
    try:

        @log_calls(sink=lines.append)
        def f() -> None:
            pass

        f()
    finally:
        for tool_id in TOOL_IDS:
            sys.monitoring.free_tool_id(tool_id)
    assert lines == ["→ f()", "← f() = None"]


def test_other_tracers_see_the_function(lines: list[str]) -> None:
    """`sys.settrace` and `sys.setprofile` see what they see without us."""
    seen: list[str] = []

    def trace(frame: types.FrameType, event: str, _arg: object) -> Any:
        if frame.f_code.co_name == "module_level":
            seen.append(event)
            return trace
        return None

    with log_calls.active(module_level, sink=lines.append):
        before = sys.gettrace()
        sys.settrace(trace)
        module_level(1)
        sys.settrace(before)
    assert seen == ["call", "line", "return"]
    assert len(lines) == 2


def test_a_generator_that_nobody_has(lines: list[str]) -> None:
    """One that waits is closed, and so are coroutines; one that has ended is not."""

    @log_calls(sink=lines.append)
    def f() -> Iterator[int]:
        try:
            yield 1
        finally:
            lines.append("ended")

    for _ in f():
        break
    assert lines == [
        *["→ f()", "⏸ f() yielded 1", "⏵ f() thrown GeneratorExit()", "ended"],
        "✗ f() raised GeneratorExit()",
    ]
    lines.clear()
    assert list(f()) == [1]
    f()
    assert lines == ["→ f()", "⏸ f() yielded 1", "⏵ f()", "ended", "← f() = None"]


def test_callbacks_are_generated_for_what_is_called(
    lines: list[str], monkeypatch: pytest.MonkeyPatch, backend: str
) -> None:
    """Once, when it is; where that fails, the general way goes on."""
    if backend == "wrapping":
        pytest.skip("no events")
    from frametools.calls import monitoring

    original, made = monitoring.quick_callbacks, []

    def generate(function: Any) -> Any:
        made.append(function.name)
        if len(made) == 1:
            raise RecursionError
        return original(function)

    monkeypatch.setattr(monitoring, "quick_callbacks", generate)

    @log_calls(sink=lines.append)
    def f(n: int) -> int:
        return n and f(n - 1)

    assert made == []
    for _ in range(2):
        f(1)
    assert made == ["f", "f"]
    assert lines == ["→ f(1)", "  → f(0)", "  ← f(0) = 0", "← f(1) = 0"] * 2
