"""What a builder stands: filters that take their time, and others' greenlet tracers."""

from __future__ import annotations

import gc
import threading
from typing import TYPE_CHECKING, Any

import pytest

from frametools.calltree import CallTree
from frametools.monitor.backend import choose

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType, SimpleNamespace


def victim() -> None:
    """Is what the filter is asked of."""


class Gate:
    """A filter that waits in the question about `victim` until it may go on."""

    def __init__(self) -> None:
        self.is_asked, self.may_go = threading.Event(), threading.Event()

    def __call__(self, code: CodeType) -> bool:
        """Answer yes, for `victim` late."""
        if code is victim.__code__:
            self.is_asked.set()
            assert self.may_go.wait(10)
        return True


def _calls(tree: CallTree, function: Callable[..., Any]) -> int:
    name = function.__qualname__
    return sum(tree.calls[n] for n in tree.walk() if tree.ref(n).qualname == name)


def test_stop_while_a_filter_is_asked(twin: SimpleNamespace) -> None:
    """The thread in the filter comes back when the builder is gone, and goes on."""
    gate, done = Gate(), threading.Event()

    def work() -> None:
        victim()
        done.set()

    backend = choose(gate)
    builder = twin.TreeBuilder(wants=backend.wants)
    backend.start(builder)
    thread = threading.Thread(target=work)
    thread.start()
    assert gate.is_asked.wait(10)
    backend.stop()
    del builder, backend
    gc.collect()
    gate.may_go.set()
    thread.join(10)
    assert done.is_set()


def test_threads_that_ask_at_once(twin: SimpleNamespace) -> None:
    """A call is counted though another thread's question is not answered yet."""
    gate = Gate()
    backend = choose(gate)
    builder = twin.TreeBuilder(wants=backend.wants)
    threads = [threading.Thread(target=victim) for _ in range(4)]
    backend.start(builder)
    try:
        for thread in threads:
            thread.start()
        assert gate.is_asked.wait(10)
        gate.may_go.set()
        for thread in threads:
            thread.join(10)
    finally:
        backend.stop()
    assert _calls(CallTree.from_image(builder.image()), victim) == 4


def test_methods_are_named_by_their_type(twin: SimpleNamespace) -> None:
    """`append` of a list's subclass is `list.append`, whoever calls it first."""

    class Mine(list[int]):
        pass

    def work() -> None:
        Mine().append(1)
        [].append(2)

    backend = choose()
    builder = twin.TreeBuilder(c_calls=True)
    backend.start(builder, 1_000_000)
    work()
    backend.stop()
    tree = CallTree.from_image(builder.image())
    names = {tree.ref(n).qualname for n in tree.walk()}
    assert "list.append" in names
    assert not any("Mine" in name and "append" in name for name in names)


def test_the_program_traces_greenlets_too(twin: SimpleNamespace) -> None:
    """The program's own greenlet.settrace goes on to be called, and is given back."""
    greenlet = pytest.importorskip("greenlet", reason="greenlet is not installed")
    seen: list[str] = []

    def tracer(event: str, _: Any) -> None:
        seen.append(event)

    greenlet.settrace(tracer)
    try:
        backend = choose()
        builder = twin.TreeBuilder()
        backend.start(builder)
        greenlet.greenlet(victim).switch()
        backend.stop()
        assert greenlet.gettrace() is tracer
    finally:
        greenlet.settrace(None)
    assert seen == ["switch", "switch"]


def test_sampling_while_greenlets_end(twin: SimpleNamespace) -> None:
    """Stacks are used again under the sampler's eyes."""
    greenlet = pytest.importorskip("greenlet", reason="greenlet is not installed")
    backend = choose()
    builder = twin.TreeBuilder(sampled=True)
    backend.start(builder)
    for _ in range(3000):
        greenlet.greenlet(victim).switch()
    backend.stop()
    assert _calls(CallTree.from_image(builder.image()), victim) == 3000
