"""Prints what frametools costs beside its peers, and which bars it meets.

    python benchmarks/costs.py [--quick] [--no-peers] [--markdown] [--save] [PART ...]

PART: per_call programs startup memory (default: all, about 7 minutes; --quick
makes it 2, less exact; --no-peers leaves out tools that no bar is about).
--save keeps the figures in benchmarks/results/, one file per Python;
--write-readme does too, then fills the tables of README.md and
benchmarks/README.md from all kept figures; --kept measures nothing and shows
what was kept. The peers are those that are installed.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import memory
import per_call
import programs
import startup
import tables
from bars import Results
from measure import HERE, ROOT, Effort, say

PARTS: dict[str, Callable[[Effort], object]] = {
    "per_call": per_call.measure,
    "programs": programs.measure,
    "startup": startup.measure,
    "memory": memory.measure,
}
PACKAGES = """
viztracer yappi pyinstrument pyperformance docutils black pylint
""".split()
FLAGS = "--quick --no-peers --markdown --save --write-readme --kept".split()
KEPT = HERE / "results"


def core() -> str:
    """Which twin a profile runs on here: "c", "python", or why none does."""
    code = "from frametools.monitor import _twin; print(_twin.NAME)"
    words = [sys.executable, "-c", code]
    child = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)
    return child.stdout.strip() or "none"


def machine() -> str:
    """The kind of machine; nothing that names this one."""
    return f"{platform.machine()} {platform.system()}, {os.cpu_count()} cores"


def _versions() -> Iterator[tuple[str, str]]:
    for package in PACKAGES:
        try:
            yield package, version(package)
        except PackageNotFoundError:
            yield package, "not installed"


def about() -> Results:
    """What the figures belong to."""
    return {
        "python": platform.python_version(),
        "machine": machine(),
        "date": time.strftime("%Y-%m-%d"),
        "core": core(),
        "packages": dict(_versions()),
    }


def _file() -> Path:
    return KEPT / f"{sys.version_info.major}.{sys.version_info.minor}.json"


def keep(results: Results) -> Results:
    """Write the figures; parts not measured now stay as they were kept."""
    old = json.loads(_file().read_text()) if _file().exists() else {}
    merged = {**old, **results}
    KEPT.mkdir(exist_ok=True)
    _file().write_text(json.dumps(rounded(merged), indent=1) + "\n")
    return merged


def rounded(value: object) -> object:
    """Return the figures with four decimals."""
    if isinstance(value, dict):
        return {key: rounded(item) for key, item in value.items()}
    return round(value, 4) if isinstance(value, float) else value


def all_kept() -> list[Results]:
    """The kept figures of every Python, oldest first."""
    return [json.loads(path.read_text()) for path in sorted(KEPT.glob("*.json"))]


def fill(path: Path, text: str, mark: str = "costs") -> None:
    """Put `text` between the two marks in a Markdown file."""
    begin, end = f"<!-- {mark} -->", f"<!-- /{mark} -->"
    before, _, rest = path.read_text(encoding="utf-8").partition(begin)
    _, found, after = rest.partition(end)
    if not found:
        say(f"{path.name} has no {begin} ... {end}")
        return
    path.write_text(f"{before}{begin}\n{text}\n{end}{after}", encoding="utf-8")


def write_readmes() -> None:
    """Fill both READMEs from all kept figures."""
    results = all_kept()
    kinds = " / ".join(dict.fromkeys(found["machine"] for found in results))
    days = ", ".join(sorted({found["date"] for found in results}))
    quick = " In quick runs." if any(found["is_quick"] for found in results) else ""
    short = [table.markdown() for table in tables.compact(results)]
    short.append(f"Measured on {kinds}, {days}.{quick}")
    fill(ROOT / "README.md", "\n\n".join(short))
    long = []
    for found in results:
        long.append(f"## {tables.described(found)}")
        long += [table.markdown() for table in tables.details(found)]
        packages = ", ".join(map(" ".join, found["packages"].items()))
        long.append(f"Packages: {packages}.")
    fill(HERE / "README.md", "\n\n".join(long))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    for flag in FLAGS:
        parser.add_argument(flag, action="store_true")
    parser.add_argument("parts", nargs="*", metavar="PART")
    options = parser.parse_args()
    if unknown := set(options.parts) - set(PARTS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    return options


def measure(parts: list[str], effort: Effort) -> Results:
    """Run the parts, one after another."""
    results = {**about(), "is_quick": effort.is_quick}
    say(f"on {tables.described(results)}")
    for part in parts:
        results[part] = PARTS[part](effort)
    return results


def show(results: Results, markdown: bool) -> None:
    """Print every table of one Python."""
    print(tables.described(results))
    for table in tables.details(results):
        print()
        print(table.markdown() if markdown else table.text())


def main() -> None:
    """The command."""
    options = _arguments()
    if options.kept:
        found = all_kept()
    else:
        effort = Effort(options.quick, not options.no_peers)
        found = [measure(options.parts or list(PARTS), effort)]
        if options.save or options.write_readme:
            found = [keep(found[0])]
    for results in found:
        show(results, options.markdown)
    if options.write_readme:
        write_readmes()


if __name__ == "__main__":
    main()
