"""Prints what the detector of kept frames costs, and which bars it meets.

    python benchmarks/retention.py [--suite FOLDER] [--quick] [--no-peers] [--save]
                                   [--write-readme] [PART ...]

PART: tests suite leak groups unwinding size (default: all, about 12 minutes; --quick
makes it 3). FOLDER is an unpacked source distribution whose tests are run with the
plugin and without, such as click's. Needs frametools installed, pytest, and the peers:
`pip install objgraph guppy3 pympler pytest-memray`; one that is missing is left out,
and said to be. --save keeps the figures in benchmarks/results/retention/;
--write-readme fills the tables of benchmarks/README.md from all that are kept.
"""

from __future__ import annotations

import argparse
import json
import platform
import sys
import time
from collections.abc import Callable, Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, NamedTuple

import kept_figures
from costs import fill, machine, rounded
from kept_figures import OFF, OURS, TWIN
from measure import HERE, Effort, say
from tables import NONE, Table

KEPT = HERE / "results" / "retention"
Figures = dict[str, Any]
PARTS = ("tests", "suite", "leak", "groups", "unwinding", "size")
PACKAGES = "pytest pytest-memray objgraph guppy3 Pympler".split()


class Bar(NamedTuple):
    """A limit, and where the figure stands, by who is asked."""

    name: str
    unit: str
    limit: float
    form: str
    measured: Callable[[Figures, str], float | None]

    def shown(self, figures: Figures, who: str) -> str:
        """The figure, as exact as it is judged."""
        value = self.measured(figures, who)
        return NONE if value is None else format(value, self.form)

    def verdict(self, figures: Figures) -> str:
        """Whether ours, as shown, is within the limit."""
        value = self.shown(figures, OURS)
        if value == NONE:
            return "not measured"
        return "met" if float(value) <= self.limit else "NOT MET"


def _test(figures: Figures, who: str) -> float | None:
    found: float | None = figures.get("tests", {}).get(who)
    return found


def _suite(figures: Figures, who: str) -> float | None:
    found = figures.get("suite", {})
    if who not in found or OFF.name not in found:
        return None
    return float(found[who] / found[OFF.name])


def _leak(figures: Figures, who: str) -> float | None:
    """The worst of the holders."""
    rows = figures.get("leak", {}).values()
    return max((row[who] for row in rows if who in row), default=None)


def _groups(figures: Figures, who: str) -> float | None:
    found: float | None = figures.get("groups", {}).get(who)
    return found


def _unwinding(figures: Figures, who: str) -> float | None:
    """The worst of the loops."""
    found = figures.get("unwinding", {}) if who == OURS else {}
    return max((found[x] for x in found if x != "frame"), default=None)


def _size(figures: Figures, who: str) -> float | None:
    found: float | None = figures.get("size", {}).get("graph", {}).get(who)
    return found


BARS = (
    Bar("added to each clean, trivial test, 53k objects", "ms", 0.05, ".3f", _test),
    Bar("a real suite with --frame-leaks=fail", "x without", 1.03, ".3f", _suite),
    Bar("1M objects, one leak: report, worst holder", "ms", 150, ".0f", _leak),
    Bar("5M objects, 1,000 frames in 10 groups: report", "s", 2.5, ".2f", _groups),
    Bar("track_unwinding, nothing raised", "x without", 1.01, ".3f", _unwinding),
    Bar("size of what a frame keeps, 1.25M objects", "s", 2.0, ".2f", _size),
)


def bars(figures: Figures) -> Table:
    """Each bar, the figure, whether it is met; the Python twin has none."""
    rows = [
        [
            f"{bar.name}, {bar.unit}",
            f"{bar.limit:g}",
            bar.shown(figures, OURS),
            bar.verdict(figures),
            bar.shown(figures, TWIN),
        ]
        for bar in BARS
    ]
    heads = ["measure", "bar", "measured", "", "without the C core"]
    return Table(described(figures), heads, rows)


def described(figures: Figures) -> str:
    """The interpreter, the machine and the day."""
    title = f"Python {figures['python']}, {figures['machine']}, {figures['date']}"
    return title + ("; a quick run" if figures["is_quick"] else "")


def beside(figures: Figures) -> Iterator[Table]:
    """The parts, with the peers."""
    if found := figures.get("tests"):
        rows = [[who, f"{ms:.3f}"] for who, ms in found.items()]
        rows += [[who, _needs(who)] for who in kept_figures.NEEDS if who not in found]
        yield Table("Each trivial test (off: absolute)", ["check", "added ms"], rows)
    if found := figures.get("suite"):
        title = f"A suite of {found['tests']:,.0f} tests ({found['name']})"
        rows = [
            [who, f"{found[who]:.2f}"] for who in found if who not in ("tests", "name")
        ]
        yield Table(title, ["check", "CPU s"], rows)
    if found := figures.get("leak"):
        yield _by(
            "Until the report of one leak, 1M objects, ms", found, "held by", ".0f"
        )
    if found := figures.get("size"):
        yield _by("What a frame keeps, 1.25M objects, s", found, "shape", ".2f")
    if found := figures.get("unwinding"):
        rows = [[x, f"{value:.3f}"] for x, value in found.items() if x != "frame"]
        rows.append(["each unwound frame, added ns", f"{found['frame']:.0f}"])
        yield Table("track_unwinding", ["loop", "x without"], rows)


def _needs(who: str) -> str:
    """Why a peer has no figure."""
    needed = kept_figures.NEEDS[who]
    return f"not run: needs Python {'.'.join(map(str, needed))}"


def _by(title: str, found: dict[str, Figures], head: str, form: str) -> Table:
    whose = dict.fromkeys(who for row in found.values() for who in row)
    rows = [
        [name, *(format(row[who], form) if who in row else NONE for who in whose)]
        for name, row in found.items()
    ]
    return Table(title, [head, *whose], rows)


def measure(parts: list[str], folder: str | None, effort: Effort) -> Figures:
    """Measure the parts, one after another."""
    figures: Figures = {
        "python": platform.python_version(),
        "machine": machine(),
        "date": time.strftime("%Y-%m-%d"),
        "is_quick": effort.is_quick,
        "packages": dict(_versions()),
    }
    for part in parts:
        if part == "suite":
            found: Figures = kept_figures.suite(folder, effort)
            if folder is not None and found:
                found["name"] = Path(folder).resolve().name
        else:
            found = getattr(kept_figures, part)(effort)
        if found:
            figures[part] = found
    return figures


def _versions() -> Iterator[tuple[str, str]]:
    for package in PACKAGES:
        try:
            yield package, version(package)
        except PackageNotFoundError:
            say(f"{package} is not installed")


def keep(figures: Figures) -> Figures:
    """Write the figures of this Python; parts not measured now stay."""
    path = KEPT / f"{sys.version_info.major}.{sys.version_info.minor}.json"
    old = json.loads(path.read_text()) if path.exists() else {}
    merged = {**old, **figures}
    KEPT.mkdir(exist_ok=True)
    path.write_text(json.dumps(rounded(merged), indent=1) + "\n")
    return merged


def write_readme() -> None:
    """Fill the tables from all kept figures."""
    text = []
    for path in sorted(KEPT.glob("*.json")):
        figures = json.loads(path.read_text())
        text += [table.markdown() for table in (bars(figures), *beside(figures))]
        packages = ", ".join(map(" ".join, figures["packages"].items()))
        text.append(f"Packages: {packages}.")
    fill(HERE / "README.md", "\n\n".join(text), "retention")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    for flag in ("--quick", "--no-peers", "--save", "--write-readme"):
        parser.add_argument(flag, action="store_true")
    parser.add_argument("--suite", metavar="FOLDER")
    parser.add_argument("parts", nargs="*", metavar="PART")
    options = parser.parse_args()
    if unknown := set(options.parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    return options


def main() -> None:
    """The command."""
    options = _arguments()
    effort = Effort(options.quick, not options.no_peers)
    figures = measure(options.parts or list(PARTS), options.suite, effort)
    if options.save or options.write_readme:
        figures = keep(figures)
    for table in (bars(figures), *beside(figures)):
        print(table.text())
        print()
    if options.write_readme:
        write_readme()


if __name__ == "__main__":
    main()
