"""Members, wrappers and what only looks like a function."""

from __future__ import annotations

import functools
import os
import pickle
import sys
import types
from collections.abc import Callable, Iterator
from enum import Enum
from typing import Any, NamedTuple
from unittest.mock import MagicMock

import pytest

from frametools.calls import log_calls


class Account:
    """Has methods with options of their own, or none."""

    def pay(self, card: str) -> str:
        """Give it back."""
        return card

    def name(self) -> str:
        """Say it."""
        return "x"

    @functools.lru_cache  # noqa: B019
    def rate(self, n: int) -> int:
        """Give it back."""
        return n

    @functools.singledispatchmethod
    def add(self, item: object) -> str:
        """Say which."""
        return f"object {item}"

    @add.register
    def _(self, item: int) -> str:
        return f"int {item}"


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> Iterator[type[Account]]:
    """Give a class like it, which pickle finds under its name."""
    new = type("Account", (Account,), dict(vars(Account)))
    dispatch = vars(Account)["add"].dispatcher  # both have it
    before = dict(dispatch.registry)
    monkeypatch.setattr(sys.modules[__name__], "Account", new)
    yield new
    for cls, each in before.items():
        dispatch.register(cls, each)


def test_members_have_options_of_their_own(
    lines: list[str], account: Any, backend: str
) -> None:
    """A class's options are not those of a method that was decorated itself."""
    account.pay = log_calls(account.pay, sink=lines.append, args=False, result=False)
    log_calls(account, sink=lines.append)
    account().pay("4111")
    account().name()
    assert lines == [
        "→ Account.pay(…)",
        "← Account.pay(…)",
        "→ Account.name()",
        "← Account.name() = 'x'",
    ]
    assert backend


def test_methods_pickle_and_are_switched_off(lines: list[str], account: Any) -> None:
    """A bound method of a logged class pickles; `off` takes a single one."""
    log_calls(account, sink=lines.append)
    assert pickle.loads(pickle.dumps(account().pay))("a") == "a"
    log_calls.off(account.pay)
    lines.clear()
    account().pay("b")
    account().name()
    assert lines[0] == "→ Account.name()"


def test_twice_is_once(lines: list[str]) -> None:
    """The last options count."""

    def f() -> None:
        pass

    first = log_calls(f, sink=lines.append)
    log_calls(first, sink=lines.append, result=False)()
    assert lines == ["→ f()", "← f()"]


def test_what_decorators_have_wrapped(lines: list[str]) -> None:
    """Name and parameters are those of the innermost function."""

    def twice(function: Callable[[int], int]) -> Callable[..., int]:
        @functools.wraps(function)
        def wrapper(*args: Any, **kwargs: Any) -> int:
            return 2 * function(*args, **kwargs)

        return wrapper

    @log_calls(sink=lines.append, result=False)
    @twice
    def f(n: int, m: int = 2) -> int:
        return n + m

    assert f(1) == 6
    assert lines == ["→ f(1, m=2)", "← f(1, m=2)"]


def test_a_cache_and_a_dispatch(lines: list[str], account: Any) -> None:
    """Behind a cache what it does not know; of a dispatch each function."""
    log_calls(account, sink=lines.append, result=False)
    one = account()
    assert (one.rate(1), one.rate(1)) == (1, 1)
    assert (one.add(1), one.add("x")) == ("int 1", "object x")
    begun = [line for line in lines if "→" in line]
    assert begun == ["→ Account.rate(1)", "→ Account._(1)", "→ Account.add('x')"]


class Unbound:
    """A proxy that stands for nothing yet."""

    def __getattr__(self, name: str) -> object:
        raise RuntimeError(name)


def test_odd_members(lines: list[str]) -> None:
    """Proxies and mocks are left alone, and nothing fails."""
    module: Any = types.ModuleType("app")
    exec("def f(): pass", vars(module))
    module.g = Unbound()
    module.h = MagicMock(spec=lambda: 0)
    module.h.__module__ = "app"
    log_calls(module, sink=lines.append)
    module.f()
    module.h()
    assert "→ f()" in lines


def test_two_methods_of_one_object(lines: list[str]) -> None:
    """Sinks that are named alike are told apart."""

    class Two:
        def first(self, line: str) -> None:
            lines.append(f"1 {line}")

        def second(self, line: str) -> None:
            lines.append(f"2 {line}")

    Two.second.__name__ = "first"
    two = Two()

    def f() -> None:
        pass

    def g() -> None:
        pass

    log_calls(f, sink=two.first)()
    log_calls(g, sink=two.second)()
    assert [line[:5] for line in lines] == ["1 → f", "1 ← f", "2 → g", "2 ← g"]


def test_what_others_put_into_a_class(lines: list[str]) -> None:
    """What dataclasses, enums and named tuples have made is that of all of these."""

    @log_calls(sink=lines.append)
    class Colour(Enum):
        RED = 1

        def shout(self) -> str:
            return self.name

    @log_calls(sink=lines.append)
    class Pair(NamedTuple):
        first: int
        join = os.path.join

        def total(self) -> int:
            return self.first

    class Other(NamedTuple):
        first: int

    lines.clear()
    Other(1)._replace(first=2)
    os.path.join("a", "b")
    Pair(1)._replace(first=2).total()
    Colour(1).shout()
    assert [line for line in lines if "→" in line] == [
        "→ Pair.total()",
        "→ Colour.shout()",
    ]


def test_a_cached_method(lines: list[str]) -> None:
    """The calls that its cache does not answer; it is as it was after a block."""

    class C:
        @functools.lru_cache(maxsize=7)  # noqa: B019
        def rate(self, n: int) -> int:
            """Give it back."""
            return n

        def __repr__(self) -> str:
            return "C"

    one, before = C(), vars(C)["rate"]
    with log_calls.active(C, sink=lines.append, exclude="*.__repr__"):
        assert [one.rate(1), one.rate(1), one.rate(2)] == [1, 1, 2]
        assert C.rate.cache_info()[:3] == (1, 2, 7)
    assert vars(C)["rate"] is before
    assert lines[::2] == ["→ C.rate(1)", "→ C.rate(2)"]
    lines.clear()
    log_calls(C, sink=lines.append)
    one.rate(3)
    assert lines == ["→ C.rate(3)", "← C.rate(3) = 3"]
    log_calls.off(C)
    one.rate(4)
    assert len(lines) == 2
    C.rate.cache_clear()
    before.cache_clear()
