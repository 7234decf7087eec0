"""Reprs of what belongs to somebody else: bounded, redacted, and nothing raises."""

from __future__ import annotations

import gc
import signal
import tracemalloc
import weakref
from array import array
from collections import OrderedDict, defaultdict, deque, namedtuple
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from types import MappingProxyType, SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frametools._safe_repr import (
    REDACTED,
    safe_message,
    safe_repr,
)

Point = namedtuple("Point", "x y")


@dataclass
class Login:
    """A dataclass with a secret and a field that its repr leaves out."""

    user: str
    password: str
    hidden: int = field(default=3, repr=False)


class Colour(Enum):
    """An enum: its class defines the repr."""

    RED = 1


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        -12,
        1.5,
        2j,
        "it's",
        'say "so"',
        "café\n",
        b"\x00raw",
        bytearray(b"raw"),
        [],
        [1, [2, "three"]],
        (),
        (1,),
        (1, 2),
        {},
        {"a": [1], 2: {"b": None}},
        set(),
        {7},
        frozenset(),
        frozenset({7}),
        Colour.RED,
        Point(1, [2]),
        SimpleNamespace(a=1, b="c"),
        deque([1, 2]),
        ValueError("no", 3),
        KeyError("k"),
        range(5),
        int,
        len,
        MappingProxyType({"a": 1}),
        {"a": 1}.keys(),
        {"a": 1}.values(),
        {"a": 1}.items(),
        10**100,
    ],
)
def test_small_values_look_as_ever(value: object) -> None:
    """Where nothing is cut or hidden, the text is that of `repr`."""
    assert safe_repr(value) == repr(value)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.binary(),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(st.text("xyz"), inner)
        | st.tuples(inner, inner)
        | st.frozensets(st.integers())
    ),
)


@given(values, st.integers(1, 300))
def test_the_limit_is_kept_and_the_beginning_true(value: object, limit: int) -> None:
    """The text never passes the limit, and begins as that of `repr` does."""
    assert len(safe_repr(value, limit)) <= limit
    text = safe_repr(value, limit, redact=None)  # hypothesis knows our words
    clean = repr(value).encode("utf-8", "backslashreplace").decode()
    assert len(text) <= limit
    begin = text.partition("…")[0].partition("...")[0]
    assert clean.startswith(begin) or "..." in clean


class Hostile:
    """Its repr does what it is told."""

    def __init__(self, action: Any) -> None:
        self.action = action

    def __repr__(self) -> str:
        result = self.action()
        if isinstance(result, BaseException):
            raise result
        return result  # type: ignore[no-any-return]


class Loud(str):
    """A string that refuses everything that could be asked of it."""

    def __len__(self) -> int:
        raise SystemExit(1)

    __str__ = __getitem__ = __iter__ = __len__  # type: ignore[assignment]


class Numbers:
    """As numpy's arrays: comparing gives an array, and that has no truth."""

    def __eq__(self, other: object) -> Numbers:  # type: ignore[override]
        return self

    __hash__ = None  # type: ignore[assignment]

    def __bool__(self) -> bool:
        raise ValueError("The truth value of an array is ambiguous")

    def __len__(self) -> int:
        raise TypeError("len() of unsized object")

    def __repr__(self) -> str:
        return "array([1, 2])"


class Proxy:
    """Claims to be a string, and minds being asked."""

    @property
    def __class__(self) -> type:
        raise SystemExit("asked")

    def __getattribute__(self, name: str) -> object:
        raise SystemExit(name)


class Meta(type):
    """A metaclass that minds what its class is asked for."""

    def __getattribute__(cls, name: str) -> Any:
        if name in "__name__ __qualname__ __repr__ __str__ __mro__ __dict__".split():
            raise SystemExit(name)
        return type.__getattribute__(cls, name)


class Shy(metaclass=Meta):
    """Has a metaclass that minds, and a repr that fails."""

    def __repr__(self) -> str:
        raise RuntimeError


class Quiet(deque[int], metaclass=Meta):
    """Has the repr of a deque, and a metaclass that minds."""

    def __init__(self) -> None:
        deque.__init__(self, [1])


class Shyer(ValueError, metaclass=Meta):
    """An exception with such a metaclass."""


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        (lambda: SystemExit(3), "<Hostile object, repr raised SystemExit>"),
        (KeyboardInterrupt, "<Hostile object, repr raised KeyboardInterrupt>"),
        (GeneratorExit, "<Hostile object, repr raised GeneratorExit>"),
        (MemoryError, "<Hostile object, repr raised MemoryError>"),
        (lambda: 7, "<Hostile object, repr raised TypeError>"),
        (lambda: None, "<Hostile object, repr raised TypeError>"),
        (lambda: "\ud800", "\\ud800"),
        (lambda: "fine", "fine"),
    ],
    ids="exit interrupt close memory seven none surrogate fine".split(),
)
def test_nothing_gets_out_of_a_repr(action: Any, expected: str) -> None:
    """Whatever a `__repr__` raises or returns, there is a text."""
    assert safe_repr(Hostile(action)) == expected
    assert safe_repr([Hostile(action), 1]) == f"[{expected}, 1]"


def test_endless_recursion_in_a_repr_is_caught() -> None:
    """A `__repr__` that calls itself gives a text."""

    class Endless:
        def __repr__(self) -> str:
            return repr(self)

    assert safe_repr(Endless()).endswith("Endless object, repr raised RecursionError>")


def test_objects_that_mind_are_not_asked() -> None:
    """Neither `__class__`, `len`, truth nor `==` of an object is asked for."""
    assert safe_repr([Numbers(), Numbers()]) == "[array([1, 2]), array([1, 2])]"
    assert safe_repr(Loud("quiet")) == "'quiet'"
    assert "Proxy object at 0x" in safe_repr(Proxy())
    assert safe_repr(Shy()) == "<Shy object, repr raised RuntimeError>"
    assert safe_repr([Shy, Quiet()]) == f"[{Shy!r}, Quiet([1])]"
    assert safe_message(Shyer(Quiet())) == "Quiet([1])"


def test_cycles_and_depth_end() -> None:
    """What contains itself, or nests deep, is shown as far as is of use."""
    loop: list[object] = [1]
    loop.append(loop)
    assert safe_repr(loop) == "[1, [...]]"
    ring: dict[str, object] = {}
    ring["me"] = ring
    assert safe_repr(ring) == "{'me': {...}}"
    deep: list[object] = []
    for _ in range(100_000):
        deep = [deep]
    assert safe_repr(deep) == "[[[[[[[...]]]]]]]"


@pytest.mark.parametrize(
    ("make", "end"),
    [
        (lambda: "x" * 10_000_000, "… (10,000,000 characters)"),
        (lambda: b"x" * 10_000_000, "… (10,000,000 bytes)"),
        (lambda: list(range(1_000_000)), "… (1,000,000 items)"),
        (lambda: tuple(range(1_000_000)), "… (1,000,000 items)"),
        (lambda: set(range(1_000_000)), "… (1,000,000 items)"),
        (lambda: dict.fromkeys(range(1_000_000)), "… (1,000,000 items)"),
        (lambda: dict.fromkeys(range(1_000_000)).keys(), "…"),
        (lambda: deque(range(1_000_000)), "…"),
        (lambda: OrderedDict.fromkeys(range(1_000_000)), "… (1,000,000 items)"),
        (
            lambda: defaultdict(int, dict.fromkeys(range(1_000_000))),
            "… (1,000,000 items)",
        ),
        (lambda: array("d", bytes(8_000_000)), "…"),
        (lambda: ValueError("x" * 10_000_000), "…"),
        (lambda: Login("x" * 10_000_000, ""), "…"),
        (lambda: [["x" * 1_000_000] * 10], "…"),
    ],
    ids=[f"huge{number}" for number in range(14)],
)
def test_only_what_is_shown_is_looked_at(make: Callable[[], object], end: str) -> None:
    """A huge value takes no memory to show."""
    value = make()  # here: what pytest keeps, each collection in the session visits
    tracemalloc.start()
    try:
        text = safe_repr(value)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(text) <= 200
    assert end.partition(" (")[0] in text
    assert text.endswith(end) or "items" in text
    assert peak < 50_000


def test_huge_integers_are_not_converted() -> None:
    """An int of a million digits is told by its size."""
    assert safe_repr(1 << 4_000_000) == "<int of 4,000,001 bits>"


class Strange(Exception):
    """An exception whose text does what it is told."""

    def __str__(self) -> str:
        raise SystemExit(1)


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (ValueError(), ""),
        (ValueError("no such thing"), "no such thing"),
        (ValueError("no", 3), "('no', 3)"),
        (KeyError("k"), "'k'"),
        (KeyError("a", "b"), "('a', 'b')"),
        (ValueError(["a", 1]), "['a', 1]"),
        (FileNotFoundError(2, "No such file", "x"), "[Errno 2] No such file: 'x'"),
        (Strange(), "<str raised SystemExit>"),
        (ValueError("\ud800"), "\\ud800"),
        (ValueError(Strange()), "<str raised SystemExit>"),
        (ExceptionGroup("two", [ValueError()]), "two (1 sub-exception)"),
    ],
)
def test_messages_are_those_of_str(error: BaseException, message: str) -> None:
    """A message is `str` of the exception, unless that fails."""
    assert safe_message(error) == message


@pytest.mark.parametrize(
    "make",
    [
        lambda: ValueError("x" * 10_000_000),
        lambda: KeyError("x" * 10_000_000),
        lambda: ValueError([0] * 10**6),
    ],
    ids=["text", "key", "list"],
)
def test_messages_are_bounded_while_they_are_built(
    make: Callable[[], BaseException],
) -> None:
    """A huge message takes no memory."""
    error = make()
    tracemalloc.start()
    try:
        assert len(safe_message(error)) <= 500
        assert tracemalloc.get_traced_memory()[1] < 50_000
    finally:
        tracemalloc.stop()


def test_nothing_is_kept() -> None:
    """What was shown dies as soon as its owner lets it go, errors included."""

    class Thing:
        def __repr__(self) -> str:
            raise ValueError(self)

    thing = Thing()
    watch = weakref.ref(thing)
    gc.disable()
    try:
        safe_repr([thing])
        del thing
        assert watch() is None
    finally:
        gc.enable()


@given(values)
def test_redaction_can_be_switched_off(value: object) -> None:
    """Then a dict shows all its values."""
    assert safe_repr({"password": 5, "x": 1}, redact=None) == "{'password': 5, 'x': 1}"
    assert len(safe_repr(value, 50, redact=None)) <= 50


def test_what_calls_a_repr_can_be_replaced() -> None:
    """As a time budget does."""
    asked: list[object] = []

    def call(obj: object) -> str:
        asked.append(obj)
        return "Settings(password='x')"

    thing = Hostile(lambda: "never")
    assert safe_repr([thing], call=call) == f"[Settings(password={REDACTED})]"
    assert asked == [thing]


@dataclass
class Empty:
    """A dataclass without fields."""


def test_the_repr_of_a_dataclass_is_not_called() -> None:
    """Its code is recognised in this version of Python; a huge field is not built."""
    never = Hostile(lambda: "fine")
    assert safe_repr(Login(never, "x"), call=lambda obj: "asked") == (  # type: ignore[arg-type]
        f"Login(user=asked, password={REDACTED})"
    )
    assert safe_repr(Empty(), call=lambda obj: "asked") == "Empty()"


def interrupted() -> str:
    """Get the signal of Ctrl-C, as it arrives while a repr runs."""
    signal.raise_signal(signal.SIGINT)
    return "went on"


def test_what_is_let_through_goes_through() -> None:
    """From any depth; what is not named stays caught."""
    value = [Hostile(interrupted)]
    with pytest.raises(KeyboardInterrupt):
        safe_repr(value, let=KeyboardInterrupt)
    with pytest.raises(SystemExit):
        safe_repr(Hostile(SystemExit), let=(KeyboardInterrupt, SystemExit))
    expected = "<Hostile object, repr raised KeyboardInterrupt>"
    assert safe_repr(value) == safe_repr(value, let=SystemExit) == f"[{expected}]"


def test_an_interrupt_on_the_quick_way_goes_through_only_if_let() -> None:
    """Such as while the names of a dict are judged."""

    def judge(name: object) -> bool:
        signal.raise_signal(signal.SIGINT)
        return False

    with pytest.raises(KeyboardInterrupt):
        safe_repr({"a": 1}, redact=judge, let=KeyboardInterrupt)
    assert safe_repr([{"a": 1}, 2], redact=judge) == (
        "[<dict object, repr raised KeyboardInterrupt>, 2]"
    )


@dataclass
class Half:
    """Its middle field is set later, or never."""

    x: int = 1
    y: int = field(init=False)
    z: int = 3


def test_half_built_objects_do_not_end_the_text() -> None:
    """A missing field is told, and what comes behind is shown."""
    assert safe_repr([Half(), 4]) == "[Half(x=1, y=<not set>, z=3), 4]"
    assert safe_repr(Login.__new__(Login)) == (
        f"Login(user=<not set>, password={REDACTED})"
    )


class Unhashable:
    """A repr that is a descriptor and has no hash; its fields fail."""

    class Descriptor:
        """Gives itself."""

        __hash__ = None  # type: ignore[assignment]

        def __get__(self, obj: object, cls: object) -> Any:
            return self

        def __call__(self) -> str:
            """Give the text."""
            return "fine"

    __repr__ = Descriptor()


@dataclass
class Computed:
    """A field that cannot be read."""

    x: int = 1

    def __getattribute__(self, name: str) -> Any:
        raise OSError(name)


def test_what_fails_stands_where_it_would_be_shown() -> None:
    """The rest of the container, and the room that is left, are as ever."""
    assert safe_repr([Unhashable(), 5]) == "[fine, 5]"
    failed = "<Computed object, repr raised OSError>"
    assert safe_repr([[Computed()], {"a": Computed()}, 5]) == (
        f"[[{failed}], {{'a': {failed}}}, 5]"
    )
    assert safe_repr([Computed()] * 9, 60) == f"[{failed}, <Compute… (9 items)"


class Tags(set[int]):
    """A set of a class of its own."""


def test_sets_of_other_classes_tell_which() -> None:
    """Also without members."""
    assert safe_repr(Tags()) == repr(Tags()) == "Tags()"
    assert safe_repr(Tags({1})) == repr(Tags({1})) == "Tags({1})"


def test_an_ordered_dict_is_in_its_own_order() -> None:
    """As `repr` has it: a dict's own order does not know of moves."""
    ordered = OrderedDict(a=1, b=2)
    ordered.move_to_end("a")
    assert safe_repr(ordered, 100) == "OrderedDict({'b': 2, 'a': 1})"


def test_a_defaultdict_tells_its_factory() -> None:
    """As `repr` does, also if there is none."""
    for value in (defaultdict(int, a=1), defaultdict(None), defaultdict(Tags, {1: 2})):
        assert safe_repr(value) == repr(value)
    ring: defaultdict[int, object] = defaultdict(int)
    ring[1] = ring
    text = "defaultdict(<class 'int'>, {1: defaultdict(<class 'int'>, {...})})"
    assert safe_repr(ring) == text
