"""`--retention`: the frames still alive at exit, by function."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from frametools.calltree import CallTree
from frametools.calltree.file import to_image
from frametools.profile._fork_end import call_at_end
from tests.profile.conftest import Grower, grow, lacking, rendered
from tests.profile.running import profile, report, script

SOURCE = """
kept = []
def fail(number):
    data = bytearray(1 << 20)
    raise ValueError(number)
def outer(number):
    try:
        fail(number)
    except ValueError as error:
        kept.append(error)
def numbers():
    buffer = bytearray(1 << 16)
    yield 1
for number in 1, 2, 3:
    outer(number)
waits = numbers()
next(waits)
"""
SECTION = "frames still alive at exit"
PLACES = {"fail": "app.py:5", "outer": "app.py:10", "numbers": "app.py:13"}


def kept_row(function: str, **changes: object) -> dict[str, object]:
    """Make a row as a data file has it."""
    row = {
        "function": function,
        "filename": "/src/app.py",
        "line": 12,
        "kind": "retained",
        "frames": 1,
        "size": 95 << 20,
        "is_least": False,
        "held": "app.saved",
    }
    return row | changes


ROWS = [
    kept_row("load_big", frames=1_204),
    kept_row("numbers", kind="suspended", size=2_000, held="app.pool[].waits"),
    kept_row("main", kind="caller", frames=0, size=312, held="app.saved and 2 more"),
]
FOUND = {"rows": ROWS, "left_out": 0, "last": "sys.last_exc, a KeyError: 1 frame"}


@pytest.mark.parametrize("core", ["", "1"])
def test_the_run_says_what_is_alive(tmp_path: Path, core: str) -> None:
    """By function: its frames, their size and holder; the same again from the file."""
    script(tmp_path, SOURCE)
    words = ["--retention", "-o", "a.frames", "app.py"]
    done = profile(tmp_path, *words, env={"FRAMETOOLS_PURE": core})
    found = CallTree.load(tmp_path / "a.frames").info["retention"]
    rows = {row["function"]: row for row in found["rows"]}
    assert {name: rows[name]["frames"] for name in PLACES} == {
        "fail": 3,
        "outer": 3,
        "numbers": 1,
    }
    assert rows["fail"]["size"] == pytest.approx(3 << 20, rel=0.01)
    assert rows["numbers"]["size"] == pytest.approx(1 << 16, rel=0.01)
    assert rows["fail"]["held"] == "__main__.kept"
    assert rows["numbers"]["kind"] == "suspended"
    assert set(rows) <= {*PLACES, "<module>"}
    section = done.stderr.partition(SECTION)[2]
    assert section.startswith(": 7")
    assert all(place in section for place in PLACES.values())
    again = report(tmp_path, "a.frames", "-f", "retention").stdout
    assert again == SECTION + section.partition("\n\n")[0] + "\n"


def test_nothing_is_alive(tmp_path: Path) -> None:
    """Asked for it says so; unasked there is no section."""
    script(tmp_path, "print(1)")
    asked = profile(tmp_path, "--retention", "-o", "a.frames", "app.py")
    assert f"\n{SECTION}: none\n" in asked.stderr
    assert SECTION not in profile(tmp_path, "-o", "a.frames", "app.py").stderr
    assert report(tmp_path, "a.frames", "-f", "retention").stdout == ""


def test_the_last_exception_is_one_line(tmp_path: Path) -> None:
    """Its frames are kept by the interpreter, and are no row."""
    script(tmp_path, "def end():\n    data = bytearray(1 << 20)\n    1 / 0\nend()\n")
    done = profile(tmp_path, "--retention", "-o", "a.frames", "app.py")
    assert done.returncode == 1
    assert f"\n{SECTION}: none\n(sys.last_" in done.stderr
    assert ", a ZeroDivisionError: 2 frames (1.0 MiB)" in done.stderr


def test_filters_apply(tmp_path: Path) -> None:
    """--exclude leaves functions of a file out, as it does out of the table."""
    script(tmp_path, SOURCE)
    words = ["--retention", "-o", "a.frames", "--exclude", "fail", "app.py"]
    profile(tmp_path, *words)
    rows = CallTree.load(tmp_path / "a.frames").info["retention"]["rows"]
    assert sorted({row["function"] for row in rows} - {"<module>"}) == [
        "numbers",
        "outer",
    ]


@pytest.mark.parametrize("width", [80, 120])
def test_the_section(
    grower: Grower, golden: Callable[[str, str], None], width: int
) -> None:
    """It fits in the width; what is cut is cut where it says least."""
    tree = grow(grower, retention=FOUND)
    text = rendered(tree, "retention", width=width)
    assert max(map(len, text.splitlines())) <= width
    golden(f"retention-{width}.txt", text)


def test_the_rest_is_counted(grower: Grower) -> None:
    """Ten rows at most, unless asked for more; what is a lower bound says so."""
    rows = [kept_row(f"f{number}", is_least=True) for number in range(12)]
    tree = grow(grower, retention={"rows": rows, "left_out": 5, "last": ""})
    lines = rendered(tree, "retention").splitlines()
    assert lines[0] == f"{SECTION}: >= 12, >= 1.1 GiB"
    assert len(lines) == 13
    assert lines[-1] == "  and 7 more rows: --limit shows up to 12"
    assert len(rendered(tree, "retention", limit=12).splitlines()) == 15


def test_it_survives_the_way_through_a_file(grower: Grower) -> None:
    """A tree that is written again has the section still."""
    tree = grow(grower, retention=FOUND)
    assert CallTree.from_image(to_image(tree)).info["retention"] == FOUND


def test_a_damaged_note_costs_the_section() -> None:
    """What is no such table is left out, and the report comes."""
    for found in (1, {}, {"rows": [{}], "left_out": 0, "last": ""}, {"rows": 3}):
        assert lacking(grow(Grower(), retention=found), "retention")


FAMILY = """
import multiprocessing, os, subprocess, sys
kept = []
def gen():
    data = bytearray(1 << 20)
    yield data
def leak(number):
    for _ in range(number):
        waits = gen()
        next(waits)
        kept.append(waits)
if __name__ == "__main__":
    child = multiprocessing.get_context(sys.argv[1]).Process(target=leak, args=(2,))
    child.start()
    child.join()
    subprocess.run([sys.executable, "-c", "import app; app.leak(4)"], check=True)
    for ending in sys.exit, os._exit:
        child = os.fork()
        if not child:
            leak(8)
            ending(0)
        os.waitpid(child, 0)
    leak(16)
"""


@pytest.mark.parametrize("core", ["", "1"])
@pytest.mark.parametrize(
    ("kind", "others"), [("fork", 0), ("spawn", 1), ("forkserver", 2)]
)
def test_each_process_is_looked_at(
    kind: str, others: int, core: str, tmp_path: Path
) -> None:
    """Those of multiprocessing too; of one that ends at once it is not known.

    The `others` are its tracker and its server, which end after the first process.
    """
    script(tmp_path, FAMILY)
    words = ["--retention", "--subprocesses", "-o", "out.frames", "app.py", kind]
    done = profile(tmp_path, *words, env={"FRAMETOOLS_PURE": core})
    assert done.returncode == 0
    section = SECTION + done.stderr.partition(SECTION)[2].partition("\n\n")[0]
    title, _, *rows = section.splitlines()
    assert title.startswith((f"{SECTION}: 30 and callers, ", f"{SECTION}: 30, "))
    number, several = map(int, re.findall(r"in (\d) of (\d) processes$", title)[0])
    assert several == 5 + others
    assert 4 <= number < several
    frames = [row.split()[0] for row in rows if " gen " in row]
    assert sorted(map(int, filter(str.isdecimal, frames))) == [4, 26]
    left = f"{several - number} process" + "es" * (several - number > 1)
    assert f"note: what was alive at the end of {left} is not known\n" in done.stderr
    alone = report(tmp_path, "out.frames", "-f", "retention", "--alone").stdout
    assert alone.startswith(f"{SECTION}: 16, 16.0 MiB\n")


def test_without_it_children_are_left_alone(tmp_path: Path) -> None:
    """A forked child of multiprocessing has no finalizer of ours."""
    source = """
import multiprocessing, multiprocessing.util as util
def look():
    print(list(util._finalizer_registry), flush=True)
if __name__ == "__main__":
    child = multiprocessing.get_context("fork").Process(target=look)
    child.start()
    child.join()
"""
    script(tmp_path, source)
    done = profile(tmp_path, "--subprocesses", "--no-report", "app.py")
    assert done.stdout == "[]\n"


@pytest.mark.parametrize("made", [None, object(), 3])
def test_a_namesake_of_the_program(
    made: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is called as multiprocessing's module is, and is not, does no harm."""
    monkeypatch.setitem(sys.modules, "multiprocessing.util", made)  # type: ignore[arg-type]
    call_at_end(Grower(), pytest.fail)
