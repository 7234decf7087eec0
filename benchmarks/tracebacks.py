"""Prints what a traceback with variables costs beside others, and which bars it meets.

    python benchmarks/tracebacks.py [--quick] [--no-peers] [--save] [--write-readme]

About 3 minutes, most of it rich's. Needs frametools, and the peers: `pip install rich
stackprinter loguru sentry-sdk traceback-with-variables stack_data better_exceptions
structlog`; one that is missing is left out, and said to be. --save keeps the figures in
benchmarks/results/tracebacks/; --write-readme fills the tables of benchmarks/README.md.

Each is run in a process of its own, in turn with the others, with the same programs:

* different: 1,000 different functions that call each other; milliseconds of CPU time,
  the least of all rounds.
* huge: 11 frames with a string of 10 MB, a list of a million, and an object whose repr
  takes 0.5 s; milliseconds on the clock, of which 500 are the time budget of ours.
* kept: whether what was in the frames dies with the exception, without the collector.
"""

from __future__ import annotations

import argparse
import gc
import json
import platform
import subprocess
import sys
import tempfile
import time
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any

from costs import fill, machine, rounded
from formatters import ALL, OURS, WAYS, Formatter, missing
from measure import HERE, say
from tables import NONE, Table

KEPT = HERE / "results" / "tracebacks"
Figures = dict[str, Any]
DEEP = 1000
BUDGET = 500
BARS = (
    ("1,000 different frames, head and tail kept", OURS, "different", 2.0),
    ("1,000 different frames, all kept", ALL, "different", 20.0),
    ("10 MB, a million, and a slow repr, above the budget", OURS, "huge", 2.0),
)


def write_module(folder: str) -> None:
    """Write a thousand functions, before the process begins that is measured.

    A file that is younger than the process would be compiled, once, to see whether it
    still is what runs.
    """
    parts = [
        f"def f{n}(a, b=2):\n    c = a + {n}\n    d = [a, b, c]\n"
        f"    e = {{'a': a, 'd': d}}\n    return f{n + 1}(c) + len(d) + len(e)\n\n"
        for n in range(DEEP)
    ]
    parts.append(f"def f{DEEP}(a):\n    raise ValueError('deep end', a)\n")
    Path(folder, "deep_module.py").write_text("".join(parts))


def different(folder: str) -> Callable[[], object]:
    """Load the program of a thousand functions."""
    sys.path.insert(0, folder)
    sys.setrecursionlimit(5 * DEEP)
    import deep_module  # type: ignore[import-not-found]

    return lambda: deep_module.f0(1)


class Slow:
    """Its repr takes half a second."""

    def __repr__(self) -> str:
        time.sleep(BUDGET / 1000)
        return "Slow()"


def huge(_: str) -> Callable[[], object]:
    """Make the program of the large values."""
    text, numbers, slow = "x" * 10_000_000, list(range(1_000_000)), Slow()

    def step(n: int, text: str, numbers: list[int], slow: Slow) -> float:
        return 1 / n if n == 0 else step(n - 1, text, numbers, slow) + 1

    return lambda: step(10, text, numbers, slow)


class Watched:
    """Something in a frame."""


def measured(
    form: Formatter, fails: Callable[[], object], clock: Callable[[], float]
) -> tuple[float, int]:
    """Milliseconds that the text takes, and how long it is."""
    try:
        fails()
    except Exception as exc:
        start = clock()
        text = form(exc)
        return (clock() - start) * 1000, len(text)
    raise AssertionError


def keeps(form: Formatter) -> bool:
    """Whether a value outlives the exception that left its frame, without gc."""
    watches = []

    def fails() -> None:
        watched = Watched()
        watches.append(weakref.ref(watched))
        raise ValueError

    gc.collect()
    gc.disable()
    measured(form, fails, time.perf_counter)
    alive = watches[0]() is not None
    gc.enable()
    return alive


def child(name: str, folder: str, rounds: int) -> None:
    """Measure one way, and write the figures to stdout."""
    form = WAYS[name][1]()
    found: Figures = {"kept": keeps(form)}
    parts = {"different": (different, time.thread_time)}
    if name != ALL:
        parts["huge"] = (huge, time.perf_counter)
    for part, (program, clock) in parts.items():
        fails = program(folder)
        values, count = [], rounds if part == "different" else 3
        while len(values) < count and sum(values) < 6000:
            milliseconds, length = measured(form, fails, clock)
            values.append(milliseconds)
        found[part] = min(values)
        found[f"{part} text"] = length / 1000
    json.dump(found, sys.stdout)


def run(name: str, folder: str, rounds: int) -> Figures:
    """Run one way in a process of its own; nothing if it fails."""
    say(name)
    command = [sys.executable, __file__, "--child", name, folder, "--rounds"]
    done = subprocess.run([*command, str(rounds)], stdout=subprocess.PIPE, check=False)
    if done.returncode:
        say(f"{name} failed")
        return {}
    found: Figures = json.loads(done.stdout)
    return found


def measure(names: list[str], rounds: int) -> Figures:
    """Run each way in a process of its own."""
    ways = {}
    with tempfile.TemporaryDirectory() as folder:
        write_module(folder)
        time.sleep(0.1)
        for name in names:
            if missing(name):
                say(f"{name}: not installed")
            elif found := run(name, folder, rounds):
                ways[name] = found
    return {
        "python": platform.python_version(),
        "machine": machine(),
        "date": time.strftime("%Y-%m-%d"),
        "ways": ways,
    }


def bars(figures: Figures) -> Table:
    """Each bar, and whether it is met."""
    rows = []
    for title, name, part, limit in BARS:
        value = figures["ways"].get(name, {}).get(part)
        if value is None:
            rows.append([f"{title}, ms", f"{limit:g}", NONE, "not measured"])
            continue
        value -= BUDGET if part == "huge" else 0
        met = "met" if round(value, 1) <= limit else "NOT MET"
        rows.append([f"{title}, ms", f"{limit:g}", f"{value:.1f}", met])
    title = f"Python {figures['python']}, {figures['machine']}, {figures['date']}"
    return Table(title, ["measure", "bar", "measured", ""], rows)


def beside(figures: Figures) -> Table:
    """All that was measured."""
    parts = ("different", "different text", "huge", "huge text")
    rows = []
    for name, found in figures["ways"].items():
        cells = [f"{found[x]:,.1f}" if x in found else NONE for x in parts]
        rows.append([name, *cells, "until gc" if found["kept"] else "no"])
    heads = ["", "1,000 frames, ms", "kB", "huge values, ms", "kB", "kept alive"]
    return Table("Tracebacks with variables", heads, rows)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    for flag in ("--quick", "--no-peers", "--save", "--write-readme"):
        parser.add_argument(flag, action="store_true")
    parser.add_argument("--child", nargs=2, help=argparse.SUPPRESS)
    parser.add_argument("--rounds", type=int, default=200, help=argparse.SUPPRESS)
    return parser.parse_args()


def main() -> None:
    """The command."""
    options = _arguments()
    if options.child:
        child(*options.child, options.rounds)
        return
    names = [OURS, ALL] if options.no_peers else list(WAYS)
    figures = measure(names, 10 if options.quick else options.rounds)
    if options.save or options.write_readme:
        KEPT.mkdir(exist_ok=True)
        path = KEPT / f"{sys.version_info.major}.{sys.version_info.minor}.json"
        path.write_text(json.dumps(rounded(figures), indent=1) + "\n")
    for table in (bars(figures), beside(figures)):
        print(table.text())
        print()
    if options.write_readme:
        kept = [json.loads(path.read_text()) for path in sorted(KEPT.glob("*.json"))]
        found = [x.markdown() for each in kept for x in (bars(each), beside(each))]
        fill(HERE / "README.md", "\n\n".join(found), "tracebacks")


if __name__ == "__main__":
    main()
