"""The report: each kind of leak as text, at each width, and as JSON."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from frametools.retention.leaks import (
    Holder,
    KeptFrame,
    KeptLocal,
    Kind,
    Leak,
    LeakError,
    Through,
)
from frametools.retention.report.file import read_json, to_json
from frametools.retention.report.text import describe, report

Golden = Callable[[str, str], None]
GOLDEN = Path(__file__).parent / "golden"
MIB = 1 << 20
TB, BACK = Through.TRACEBACK, Through.CALLER
PACKAGE = "/py/lib/python3.13/site-packages/vendor/jobs/a/folder/of/many/names/pool.py"


@pytest.mark.parametrize("is_partial", [True, False])
def test_a_size_is_not_below_the_largest_local(is_partial: bool) -> None:
    """Where one of some equal groups is larger, or was measured further: "in all"."""
    large = frame("load", 3, TB, 8 * MIB, kept("data", "list", 8))
    chain = "__traceback__", "tb_frame", "data"
    made = Leak(Kind.RETAINED, "E", chain, (large,), 9 * MIB, is_partial, count=3)
    text = describe(made, width=200).splitlines()[0]
    least = ">= " if is_partial else ""
    assert text.startswith(f"KEPT  load (app.py:3)  {least}9.0 MiB in all  x 3      ")
    assert text.endswith("data (list, 8.0 MiB)")


@pytest.fixture
def golden() -> Golden:
    """Compare a text with a golden file; FRAMETOOLS_UPDATE_GOLDEN=1 rewrites it."""

    def compare(name: str, text: str) -> None:
        path = GOLDEN / name
        if os.environ.get("FRAMETOOLS_UPDATE_GOLDEN") == "1":
            GOLDEN.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert text == path.read_text(encoding="utf-8")

    return compare


def frame(
    function: str,
    line: int,
    through: Through = TB,
    size: int = 200,
    *local: KeptLocal,
    file: str = "app.py",
) -> KeptFrame:
    """Make a kept frame; the file is app.py unless told otherwise."""
    return KeptFrame(function, file, line, through, size, local)


def kept(name: str, kind: str, mib: float) -> KeptLocal:
    """Make a variable that keeps some MiB."""
    return KeptLocal(name, kind, int(mib * MIB))


BIG = kept("data", "bytearray", 95.4)
LOAD = frame("load_big", 12, TB, BIG.size, BIG)
CHAIN = ("__traceback__", "tb_frame", "data")


def leak(
    *holders: Holder,
    kind: Kind = Kind.RETAINED,
    head: str = "RuntimeError",
    chain: tuple[str, ...] = CHAIN,
    frames: tuple[KeptFrame, ...] = (LOAD,),
    count: int = 1,
    hidden: int = 0,
    is_partial: bool = False,
) -> Leak:
    """Make a leak; what is not given is that of the first example."""
    size = count * sum(frame.size for frame in frames)
    return Leak(
        kind, head, chain, frames, size, is_partial, count, tuple(holders), hidden
    )


SAVED = Holder("app.saved", "module global")
ISSUE = leak(
    SAVED,
    frames=(LOAD, frame("main", 30, BACK, int(1.2 * MIB)), frame("<module>", 40, BACK)),
    count=3,
)
GENERATOR = leak(
    Holder("app.Pool.jobs['numbers']", "class attribute of app.Pool"),
    kind=Kind.SUSPENDED,
    head="generator",
    chain=("rows",),
    frames=(
        frame(
            "Pool.numbers",
            7,
            Through.GENERATOR,
            9 * MIB,
            kept("rows", "list", 6),
            kept("seen", "dict", 2.5),
        ),
    ),
)
CYCLE = leak(
    kind=Kind.CYCLE,
    head="KeyError",
    frames=(frame("find", 3, TB, BIG.size, BIG, KeptLocal("err", "KeyError", 72)),),
)
CLEARED = leak(
    SAVED,
    kind=Kind.CLEARED,
    chain=CHAIN[:2],
    frames=(frame("load_big", 12), frame("main", 30)),
    count=1_204,
)
GROWING = leak(
    Holder("app.FAILED", "module global"),
    kind=Kind.GROWING,
    head="Failed",
    frames=(LOAD, *[frame("load_big", 12, TB, 95 * MIB)] * 40, frame("serve", 9)),
    is_partial=True,
)
LONG = leak(
    Holder(
        "vendor.jobs.pool.Pool.by_name['a name that says very much'].errors['first']",
        "class attribute of vendor.jobs.pool.Pool",
    ),
    Holder("<tuple>[0]", "arguments of an atexit callback", is_certain=False),
    Holder("<list>[3]", "no holder Python can see: 2 references from C", False),
    hidden=2,
    chain=("__context__", "exceptions[1]", "__traceback__", "tb_frame", "f_back", "x"),
    frames=(
        frame("Pool.run.<locals>.work", 120, BACK, 3 * MIB, file=PACKAGE),
        *(frame(f"step_{number}", number, TB, 3_000) for number in range(3)),
        *(frame(f"call_{number}", number, BACK) for number in range(9)),
    ),
)
UNSEEN = leak(hidden=1)
ALL = {
    "issue": ISSUE,
    "generator": GENERATOR,
    "cycle": CYCLE,
    "cleared": CLEARED,
    "growing": GROWING,
    "long": LONG,
    "unseen": UNSEEN,
}


@pytest.mark.parametrize("name", ALL)
def test_form(name: str, golden: Golden) -> None:
    """Each kind of leak looks as it looked when someone last looked at it."""
    golden(f"{name}.txt", describe(ALL[name], width=120) + "\n")


@pytest.mark.parametrize("width", [80, 120])
def test_report(width: int, golden: Golden) -> None:
    """A report has a line with number and size, then the leaks."""
    golden(f"report-{width}.txt", report([*ALL.values()], width=width) + "\n")


@pytest.mark.parametrize("width", [60, 80, 100, 120, 160])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    """Everything wraps but the path of a holder, which stays whole."""
    path = LONG.holders[0].path
    lines = report([*ALL.values()], width=width).splitlines()
    assert [line for line in lines if len(line) > width and path not in line] == []
    assert any(path in line for line in lines)


def test_limit() -> None:
    """What is left out is counted, with equal ones, and summed up."""
    text = report([UNSEEN, ISSUE, CYCLE], limit=1)
    assert text.splitlines()[0].startswith("frames are still alive: 5 leaks, ")
    assert text.splitlines()[-1] == "... and 4 more, 385.2 MiB"
    assert len(report([ISSUE] * 30, limit=None).split("\n\n")) == 31
    assert report([UNSEEN], title="") == describe(UNSEEN)


def test_ascii_and_control_characters() -> None:
    """What a terminal would obey is escaped; with `ascii`, all that is not ASCII."""
    odd = leak(Holder("app.größe['\x1b[2J\n']", "module global"))
    text = report([odd])
    assert r"app.größe['\x1b[2J\n']" in text
    assert r"app.gr\xf6\xdfe['\x1b[2J\n']" in report([odd], ascii=True)


def test_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    """COLUMNS gives the width where none is given; `str` is the description."""
    monkeypatch.setenv("COLUMNS", "80")
    assert str(ISSUE) == describe(ISSUE, width=80)
    monkeypatch.setenv("COLUMNS", "160")
    assert str(ISSUE) == describe(ISSUE, width=160)


def test_json() -> None:
    """A document gives the leaks back as they were."""
    assert read_json(to_json([*ALL.values()])) == [*ALL.values()]
    assert json.loads(to_json([]))["version"] == 1
    assert read_json(to_json([]).encode()) == []


def changed(**changes: object) -> str:
    """Write a document with something else in its first leak."""
    document = json.loads(to_json([ISSUE, CYCLE]))
    document["leaks"][0] |= changes
    return json.dumps(document)


WRONG = {
    "": "not a report of leaks: it is empty",
    "hello": "not a report of leaks: no JSON",
    "[]": "not a report of leaks: no JSON object",
    "{}": "not a report of leaks: it has no version",
    '{"version": true}': "not a report of leaks: it has no version",
    '{"version": 1}': "not a report of leaks: it has no list of them",
    '{"version": 2, "leaks": []}': (
        "the report has version 2, of a newer frametools; this one reads 1"
    ),
    '{"version": 1,, }': "not a report of leaks: no JSON in line 1",
    "[" * 200_000: "not a report of leaks: no JSON",
    changed(version=2): "leak 1 of 2: the leak has version 2, of a newer frametools",
    changed(kind="odd"): "leak 1 of 2: the leak lacks something: 'odd' is not a ...",
    changed(frames=[]): "leak 1 of 2: it has no frame",
    changed(frames=[1]): "leak 1 of 2: the leak lacks something: ...",
    changed(holders=[{}]): "leak 1 of 2: the leak lacks something: ...",
    changed(chain=None): "leak 1 of 2: the leak lacks something: ...",
}


@pytest.mark.parametrize("text", WRONG, ids=range(len(WRONG)))
def test_what_is_no_report(text: str) -> None:
    """Foreign and newer data give one line that says what is wrong."""
    with pytest.raises(LeakError) as caught:
        read_json(text)
    message, (begin, dots, _) = str(caught.value), WRONG[text].partition("...")
    del caught
    assert "\n" not in message
    assert message.startswith(begin) if dots else message == begin


def test_what_is_cut_off() -> None:
    """A document that ends anywhere before its last brace is no report."""
    text = to_json([ISSUE]).rstrip()
    for end in range(1, len(text)):
        with pytest.raises(LeakError, match=r"^not a report of leaks: it is cut off"):
            read_json(text[:end])
