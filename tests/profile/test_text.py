"""Numbers, names, JSON and widths as the reports write them."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frametools.events import CodeKind, CodeRef
from frametools.profile._json import encode
from frametools.profile._names import Places
from frametools.profile._report import ReportOptions
from frametools.profile._sheet import Sheet, plain_cells
from frametools.profile._units import Unit, duration, plural, size


@pytest.mark.parametrize(
    ("time", "text"),
    [
        (0, "0 ns"),
        (999, "999 ns"),
        (1_000, "1.00 us"),
        (12_345, "12.3 us"),
        (999_949, "1,000 us"),
        (1_234_567, "1.23 ms"),
        (123_456_789, "123 ms"),
        (99_960_000_000, "100 s"),
        (4_321_000_000_000, "4,321 s"),
    ],
)
def test_duration(time: int, text: str) -> None:
    """Three digits and a unit."""
    assert duration(time) == text


@pytest.mark.parametrize(
    ("largest", "text"),
    [(9_000_000, "123.5"), (9_000_000_000, "0.12"), (90_000_000_000, "0.000")],
)
def test_a_column_has_one_unit(largest: int, text: str) -> None:
    """The largest time of the tree chooses it; nothing at all is a dash."""
    unit = Unit.fitting(largest)
    assert unit.format(123_456) == text
    assert unit.format(0) == "-"


def test_sizes_and_plurals() -> None:
    """Bytes in powers of two; one thing has no s."""
    assert [size(2048), size(3 << 20), size(5 << 30)] == ["2 KiB", "3.0 MiB", "5.0 GiB"]
    assert [plural(1, "call"), plural(1234, "call")] == ["1 call", "1,234 calls"]


def test_names() -> None:
    """`<locals>` takes room only; C functions wear braces and have no place."""
    places = Places("/src")
    inner = CodeRef("f.<locals>.g", "/src/a.py", 3)
    length = CodeRef("builtins.len", kind=CodeKind.C_FUNCTION)
    assert places.full(inner) == "f.g (a.py:3)"
    assert places.full(length) == "{builtins.len}"


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(PLAIN)
def test_json(value: object) -> None:
    """The json module reads what is written, and it is ASCII."""
    text = encode(value)
    assert text.isascii()
    assert json.loads(text) == value


def test_json_of_lone_surrogates_and_enums() -> None:
    """File names may hold the former, CodeRefs the latter."""
    assert json.loads(encode(["\udcff", CodeKind.C_FUNCTION])) == ["\udcff", 1]


@given(st.text(st.characters(codec="utf-8", categories=["L", "N"])), st.integers(1, 30))
def test_fitted_text_fits(text: str, width: int) -> None:
    """Cut at either end, no text takes more columns than there are."""
    for is_unicode in (True, False):
        sheet = Sheet(StringIO(), ReportOptions(unicode=is_unicode))
        for cut in ("end", "start"):
            fitted = sheet.fit(text, width, cut)
            assert plain_cells(fitted) <= width
            if plain_cells(text) <= width:
                assert fitted == text


@pytest.mark.parametrize("is_unicode", [True, False])
def test_bars(is_unicode: bool) -> None:
    """A bar has its width, whatever the share."""
    sheet = Sheet(StringIO(), ReportOptions(unicode=is_unicode))
    for share in (-1, 0, 0.001, 0.5, 0.999, 1, 7):
        assert len(sheet.bar(share, 10)) == 10
    assert sheet.bar(0, 3) == "   "
    assert sheet.bar(1, 2) == ("██" if is_unicode else "##")
