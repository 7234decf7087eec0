"""Prints what the VM costs, as a multiple of the host, and which bars it meets.

    python benchmarks/vm.py [--quick] [--save] [--write-readme] [--peer XPYTHON]

Takes a minute. Host, VM and recording VM run the same functions in turn in one process,
on the CPU's clock; the least of all rounds counts. XPYTHON is the command `xpython` of
an environment that has x-python (3.11 or 3.12), compared with the Python beside it.
--save keeps the figures in benchmarks/results/vm/; --write-readme fills the tables of
benchmarks/README.md from all that are kept.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from costs import fill, machine, rounded
from measure import HERE, ROOT, WORKLOADS, say
from tables import NONE, Table
from workloads import vm_loops
from workloads.vm_loops import LOOPS, REENTRY

import frametools.vm

KEPT = HERE / "results" / "vm"
Figures = dict[str, Any]


class Bar(NamedTuple):
    """A limit, and where the figure stands."""

    name: str
    limit: float
    unit: str
    measured: Callable[[Figures], float | None]

    def verdict(self, figures: Figures) -> str:
        """Whether the figure, as shown, is within the limit."""
        value = self.measured(figures)
        if value is None:
            return "not measured"
        return "met" if float(self.shown(value)) <= self.limit else "NOT MET"

    def shown(self, value: float) -> str:
        """The figure, as exact as it is judged."""
        return f"{value:.2f}" if self.limit < 10 else f"{value:.0f}"


def _ratio(loop: str) -> Callable[[Figures], float | None]:
    return lambda figures: figures["vm"][loop]


def _recording(figures: Figures) -> float | None:
    """The worst of the loops, recording against not recording."""
    ratios = [figures["recording"][x] / figures["vm"][x] for x in figures["recording"]]
    return max(ratios, default=None)


BARS = (
    Bar("fib(16)", 75, "x host", _ratio("fib")),
    Bar("loop", 30, "x host", _ratio("loop")),
    Bar("try/except", 22, "x host", _ratio("excepts")),
    Bar("generators", 28, "x host", _ratio("generators")),
    Bar("while recording, the worst of the four", 2.5, "x not recording", _recording),
    Bar("re-entry from native code", 1.0, "us", lambda found: found["reentry"]),
    Bar("import of frametools.vm", 120, "ms", lambda found: found["import"]),
)


def _host(name: str) -> Callable[[], object]:
    return getattr(vm_loops, name)


def _in_vm(name: str) -> Callable[[], object]:
    function = _module()[name]
    function()  # decodes
    return function


def _recorded(name: str) -> Callable[[], object]:
    return lambda: frametools.vm.run(getattr(vm_loops, name))


def _module() -> Figures:
    """Run the module in a VM; its functions are run by that one, whoever calls."""
    path = WORKLOADS / "vm_loops.py"
    names: Figures = {"__name__": "vm_loops"}
    frametools.vm.call(compile(path.read_text(), str(path), "exec"), names)
    return names


def _seconds(function: Callable[[], object]) -> float:
    start = time.process_time()
    function()
    return time.process_time() - start


WAYS = {"host": _host, "vm": _in_vm, "recording": _recorded}
Least = dict[tuple[str, str], float]


def _rounds(rounds: int) -> Least:
    """Seconds by way and function, each the least of all rounds."""
    work = {(way, x): make for x in LOOPS for way, make in WAYS.items()}
    work |= {("vm", name): _in_vm for name in REENTRY}
    made: dict[tuple[str, str], Callable[[], object]] = {}
    least: Least = {}
    for number in range(rounds):
        say(f"round {number + 1} of {rounds}")
        for key, make in list(work.items()):
            try:
                function = made.get(key) or made.setdefault(key, make(key[1]))
                took = _seconds(function)
            except Exception as error:
                say(f"{' '.join(key)} failed: {type(error).__name__}: {error}")
                del work[key]
                continue
            least[key] = min(took, least.get(key, took))
    return {key: took for key, took in least.items() if key in work}


def _ratios(least: Least, way: str) -> dict[str, float]:
    return {x: least[way, x] / least["host", x] for x in LOOPS if (way, x) in least}


def _reentry(least: Least) -> float | None:
    """Microseconds that a call costs more if native code makes it."""
    times = [least.get(("vm", name)) for name in REENTRY]
    if None in times:
        return None
    called_back, called, not_called = times
    return (called_back - (called - not_called)) / 3000 * 1e6


_IMPORT = """
import time
start = time.process_time()
import frametools.vm
frametools.vm.VM()
print((time.process_time() - start) * 1e3)
"""


def _import(rounds: int) -> float:
    """Milliseconds to import the VM and make one, in a fresh process: the median."""
    say("import")
    words = [sys.executable, "-c", _IMPORT]
    # The first round compiles, the others are what every start but the first takes.
    env = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    found = [subprocess.check_output(words, cwd=ROOT, env=env) for _ in range(rounds)]
    return median(map(float, found[1:]))


def _program(words: list[str], name: str, rounds: int) -> float | None:
    """Seconds that another interpreter takes for a loop; None if it cannot."""
    words = [*words, str(WORKLOADS / "vm_loops.py"), name, str(rounds)]
    try:
        text = subprocess.check_output(words, text=True, timeout=60)
        return float(text.split()[1])
    except (subprocess.SubprocessError, ValueError, IndexError) as error:
        say(f"{words[0]}: {name}: {type(error).__name__}")
        return None


def _peer(xpython: str, rounds: int) -> Figures:
    """x-python and the Python beside it, in turn."""
    python = str(Path(xpython).parent / "python")
    least: Least = {}
    for number in range(rounds):
        say(f"x-python: round {number + 1} of {rounds}")
        for name in LOOPS:
            for key, words, times in (("host", python, 5), ("peer", xpython, 1)):
                took = _program([words], name, times)
                if took is None:
                    break
                least[key, name] = min(took, least.get((key, name), took))
    version = subprocess.check_output([python, "-V"], text=True).split()[1]
    return {"python": version, "ratios": _ratios(least, "peer")}


def measure(quick: bool, peer: str | None) -> Figures:
    """All figures of this Python."""
    least = _rounds(4 if quick else 15)
    figures: Figures = {
        "python": platform.python_version(),
        "machine": machine(),
        "date": time.strftime("%Y-%m-%d"),
        "is_quick": quick,
        "vm": _ratios(least, "vm"),
        "recording": _ratios(least, "recording"),
        "reentry": _reentry(least),
        "import": _import(5 if quick else 21),
    }
    if peer:
        figures["peer"] = _peer(peer, 1 if quick else 3)
    return figures


def bars(figures: Figures) -> Table:
    """Each bar, the figure, and whether it is met."""
    rows = []
    for bar in BARS:
        value = bar.measured(figures)
        shown = NONE if value is None else bar.shown(value)
        name, limit = f"{bar.name}, {bar.unit}", f"{bar.limit:g}"
        rows.append([name, limit, shown, bar.verdict(figures)])
    title = f"Python {figures['python']}, {figures['machine']}, {figures['date']}"
    title += "; a quick run" if figures["is_quick"] else ""
    return Table(title, ["measure", "bar", "measured", ""], rows)


def _ways(figures: Figures) -> dict[str, dict[str, float]]:
    ways = {"frametools.vm": figures["vm"], "the same, recording": figures["recording"]}
    if peer := figures.get("peer"):
        ways[f"x-python 1.5.3 (Python {peer['python']})"] = peer["ratios"]
    return ways


def ratios(figures: Figures) -> Table:
    """Time as a multiple of the host's, by way and loop."""
    rows = [
        [way, *(f"{found[x]:.0f}" if x in found else NONE for x in LOOPS)]
        for way, found in _ways(figures).items()
    ]
    heads = ["time, host = 1", "fib(16)", "loop", "try/except", "generators"]
    return Table("Beside others", heads, rows)


def keep(figures: Figures) -> None:
    """Write the figures of this Python; a peer not run now stays."""
    major, minor = sys.version_info[:2]
    path = KEPT / f"{major}.{minor}.json"
    old = json.loads(path.read_text()) if path.exists() else {}
    if "peer" in old:
        figures.setdefault("peer", old["peer"])
    KEPT.mkdir(exist_ok=True)
    path.write_text(json.dumps(rounded(figures), indent=1) + "\n")


def write_readme() -> None:
    """Fill the tables from all kept figures."""
    text = []
    for path in sorted(KEPT.glob("*.json")):
        figures = json.loads(path.read_text())
        text += [bars(figures).markdown(), ratios(figures).markdown()]
    fill(HERE / "README.md", "\n\n".join(text), "vm")


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    for flag in ("--quick", "--save", "--write-readme"):
        parser.add_argument(flag, action="store_true")
    parser.add_argument("--peer", metavar="XPYTHON")
    options = parser.parse_args()
    figures = measure(options.quick, options.peer)
    print(bars(figures).text())
    print()
    print(ratios(figures).text())
    if options.save or options.write_readme:
        keep(figures)
    if options.write_readme:
        write_readme()


if __name__ == "__main__":
    main()
