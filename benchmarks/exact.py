"""Exact counts on real programs: frametools next to a plain sys.setprofile counter.

    python benchmarks/exact.py

Each program runs under both; calls + resumes + throws of every function have to be
the same. Left out are import machinery, which runs for our modules too, and our own
files. docutils, black, pylint, pytest and toolz have to be installed; what is missing
is left out. Exit status 1 when another count differs than those that are known.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from measure import ROOT, WORKLOADS, say

sys.path.insert(0, str(ROOT))

from frametools.calltree import CallTree

Key = tuple[str, str, int]
Counts = dict[Key, int]

DOCUMENT = """Title
=====

A paragraph with *emphasis*, ``code`` and a [note]_.

* one
* two

.. code:: python

   def f(): pass

.. [note] At the end.
"""

PYLINT = "-m pylint --disable=all --enable=unused-import,unused-variable -j1"
# A pool of processes, and dicts of objects that hash by their address.
CHANCE = "not+test_parallel+and+not+EqualityHashKey"
# When the collector closes a generator inside of the counter, that does not see it.
PYTEST = "-m pytest -q -p no:cacheprovider -p no_collector"
PROGRAMS = {
    "docutils": "-m docutils document.rst document.html",
    "black": "-m black -q --check sample.py",
    "pylint": f"{PYLINT} sample.py",
    "pytest": f"{PYTEST} --pyargs toolz -k {CHANCE}",
}
KNOWN = {"pylint": "astroid"}
"""Packages whose counts may differ: astroid walks sys.modules, where ours are too."""

LEFT_OUT = (
    "importlib",
    "frozen",
    "_distutils_hack",
    str(ROOT / "frametools"),
    "plain_counter.py",
)


class Row(NamedTuple):
    """How one program compared."""

    functions: int
    enters: int
    differ: list[tuple[Key, int, int]]
    known: list[tuple[Key, int, int]]


def _run(folder: Path, *words: str) -> None:
    """Run Python in a folder where nothing but the program writes."""
    cache = folder / "cache"
    shutil.rmtree(cache, ignore_errors=True)
    own = {
        "BLACK_CACHE_DIR": str(cache),
        "PYLINTHOME": str(cache),
        "PYTHONHASHSEED": "0",
        "PYTHONPATH": str(ROOT),
    }
    env = {**os.environ, **own}
    env.pop("PYTHONDONTWRITEBYTECODE", None)  # written in the first run, read later
    subprocess.run(
        [sys.executable, *words],
        cwd=folder / "work",
        env=env,
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _plain(folder: Path, words: list[str]) -> Counts:
    """Count by the plain counter; the first run is for the .pyc files."""
    for _ in range(2):
        _run(folder, str(WORKLOADS / "plain_counter.py"), "../counts.json", *words)
    rows = json.loads((folder / "counts.json").read_text())
    return {(file, name, line): count for file, name, line, count in rows}


def _ours(folder: Path, words: list[str]) -> Counts:
    """Count by frametools."""
    ours = "-m frametools.profile -q --no-report -o ../ours.frames".split()
    _run(folder, *ours, *words)
    counts: Counts = {}
    for row in CallTree.load(folder / "ours.frames").functions():
        key = row.code.filename, row.code.qualname, row.code.firstlineno
        counts[key] = row.calls + row.resumes + row.throws
    return counts


def _differences(plain: Counts, ours: Counts) -> Iterator[tuple[Key, int, int]]:
    for key in sorted(plain.keys() | ours.keys()):
        counted, seen = plain.get(key, 0), ours.get(key, 0)
        if counted != seen and not any(part in key[0] for part in LEFT_OUT):
            yield key, counted, seen


def compare(program: str) -> Row:
    """Run one program under both."""
    words = [word.replace("+", " ") for word in PROGRAMS[program].split()]
    with tempfile.TemporaryDirectory(prefix="exact") as name:
        folder, work = Path(name), Path(name, "work")
        work.mkdir()
        (work / "document.rst").write_text(DOCUMENT)
        (work / "no_collector.py").write_text("import gc; gc.disable()")
        shutil.copy(WORKLOADS / "micro.py", work / "sample.py")
        plain, ours = _plain(folder, words), _ours(folder, words)
    found = list(_differences(plain, ours))
    package = KNOWN.get(program)
    known = [row for row in found if package and f"/{package}/" in row[0][0]]
    differ = [row for row in found if row not in known]
    return Row(len(plain), sum(plain.values()), differ, known)


def _missing(program: str) -> str:
    needed = ("pytest", "toolz") if program == "pytest" else (program,)
    return ", ".join(n for n in needed if importlib.util.find_spec(n) is None)


def main() -> int:
    """Print a table, and each function whose counts differ unexpectedly."""
    version = ".".join(map(str, sys.version_info[:3]))
    print("| Python | program | functions | enters | differ | known |")
    print("| --- | --- | ---: | ---: | ---: | --- |")
    status = 0
    for program in PROGRAMS:
        if missing := _missing(program):
            say(f"{program} is left out: {missing} is not installed")
            continue
        row = compare(program)
        known = f"{len(row.known)} in {KNOWN[program]}" if row.known else ""
        counts = f"{row.functions:,} | {row.enters:,} | {len(row.differ)} | {known} |"
        print(f"| {version} | {program} | {counts}", flush=True)
        for (file, name, line), counted, seen in row.differ:
            say(f"{file}:{line} {name}: {counted} plainly, {seen} by frametools")
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(main())
