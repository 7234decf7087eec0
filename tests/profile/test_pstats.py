"""The pstats form, read back by `pstats` itself and by gprof2dot."""

from __future__ import annotations

import importlib.util
import pstats
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest

from frametools.calltree import CallTree
from tests.profile.conftest import FIB, LEN, MAIN, RUN, Grower, rendered

Stats = dict[tuple[str, int, str], tuple]  # type: ignore[type-arg]


@pytest.fixture
def dump(tree: CallTree, tmp_path: Path) -> Path:
    """Write the dump of the hand-made tree."""
    path = tmp_path / "app.pstats"
    path.write_bytes(rendered(tree, "pstats").encode("latin-1"))
    return path


def stats_of(dump: Path) -> Stats:
    """Load a dump as pstats does."""
    return pstats.Stats(str(dump)).stats  # type: ignore[attr-defined, no-any-return]


def test_counts_times_and_callers(dump: Path) -> None:
    """A recursion has its primitive call, and its time once."""
    stats = stats_of(dump)
    run, fib = ("/src/app.py", 10, "run"), ("/src/app.py", 20, "fib")
    primitive, calls, own, cumulative, callers = stats[fib]
    assert (primitive, calls) == (2, 8)
    assert own == pytest.approx(0.0397)
    assert cumulative == pytest.approx(0.0397)
    assert callers[run][:2] == (1, 1)
    assert callers[run][3] == pytest.approx(0.030)
    assert callers[fib] == pytest.approx((6, 2, 0.020, 0.020))


def test_c_functions_are_named_as_by_cprofile(dump: Path) -> None:
    """`~` is their file, and methods of built-in types are told apart."""
    stats = stats_of(dump)
    assert ("~", 0, "<built-in method builtins.len>") in stats
    assert ("~", 0, "<method 'append' of 'list' objects>") in stats
    assert stats["~", 0, "<built-in method builtins.len>"][1] == 36_000


def test_wall_is_the_default_clock(tree: CallTree, dump: Path, tmp_path: Path) -> None:
    """As in cProfile; --clock cpu gives CPU time."""
    assert stats_of(dump)["/src/app.py", 1, "<module>"][3] == pytest.approx(0.100)
    path = tmp_path / "cpu.pstats"
    path.write_bytes(rendered(tree, "pstats", clock="cpu").encode("latin-1"))
    assert stats_of(path)["/src/app.py", 1, "<module>"][3] == pytest.approx(0.070)


def test_pstats_prints_it(dump: Path) -> None:
    """Every table of pstats can be printed from it."""
    out = StringIO()
    report = pstats.Stats(str(dump), stream=out).sort_stats("cumulative")
    report.print_stats().print_callers().print_callees()  # type: ignore[no-untyped-call]
    assert "8/2" in out.getvalue()
    assert report.total_calls == 38_417  # type: ignore[attr-defined]


def test_methods_of_one_name_are_added_up(grower: Grower, tmp_path: Path) -> None:
    """CProfile's names have no class: two functions in one place become one."""
    codes = grower.image.codes
    codes[1] = RUN._replace(qualname="A.go", firstlineno=3)
    codes[2] = FIB._replace(qualname="B.go", firstlineno=3)
    root = grower.call(grower.thread("MainThread"), MAIN, 9)
    grower.call(root, RUN, 2)
    grower.call(root, FIB, 3)
    path = tmp_path / "two.pstats"
    path.write_bytes(rendered(grower.finish(), "pstats").encode("latin-1"))
    assert stats_of(path)["/src/app.py", 3, "go"][:2] == (2, 2)


def test_gprof2dot_reads_it(dump: Path) -> None:
    """An independent reader draws the graph."""
    if importlib.util.find_spec("gprof2dot") is None:
        pytest.skip("gprof2dot is not installed")
    command = [sys.executable, "-W", "ignore", "-m", "gprof2dot", "-f", "pstats"]
    done = subprocess.run(
        [*command, str(dump)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "fib" in done.stdout


def test_c_function_names() -> None:
    """What is no method of a built-in type is a function."""
    from frametools.profile.reports.pstats import key

    assert key(LEN) == ("~", 0, "<built-in method builtins.len>")
    posix = LEN._replace(qualname="posix.stat")
    assert key(posix) == ("~", 0, "<built-in method posix.stat>")


def test_counts_of_more_than_31_bits(tree: CallTree, tmp_path: Path) -> None:
    """The callers of a dump hold any number."""
    for node in tree.walk():
        tree.calls[node] <<= 33
    path = tmp_path / "many.pstats"
    path.write_bytes(rendered(tree, "pstats").encode("latin-1"))
    callers = stats_of(path)["/src/app.py", 20, "fib"][4]
    assert callers["/src/app.py", 20, "fib"][:2] == (6 << 33, 2 << 33)
