"""Checks every fact of this folder on the running Python.

python docs/facts/scripts/run_all.py            # each in a process of its own
python docs/facts/scripts/run_all.py --write    # and fill the tables of the pages
"""

from __future__ import annotations

import importlib
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from _fact import PYTHONS, Fact

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = Path(__file__).resolve().parent
PAGES = ("monitoring", "retention", "stack")


def scripts() -> Iterator[Path]:
    """The facts, by name."""
    for path in sorted(FOLDER.glob("*.py")):
        if not path.name.startswith("_") and path.name != "run_all.py":
            yield path


def run_all() -> int:
    """Run each script; return how many failed."""
    return sum(
        subprocess.run([sys.executable, str(path)], check=False).returncode != 0
        for path in scripts()
    )


def fact_of(path: Path) -> Fact:
    """The fact that a script shows."""
    fact: Fact = importlib.import_module(path.stem).FACT
    return fact


def row(path: Path) -> str:
    """One fact as a row of the table; equal neighbours are not repeated."""
    fact = fact_of(path)
    cells = [fact.answer(version) for version in PYTHONS]
    return f"| [{fact.name}](scripts/{path.name}) | {' | '.join(cells)} |"


def table(page: str) -> str:
    """Every fact of a page against every Python, in Markdown."""
    heads = [".".join(map(str, version)) for version in PYTHONS]
    rule = "|---" * (len(heads) + 1) + "|"
    rows = [row(path) for path in scripts() if fact_of(path).page == page]
    return "\n".join([f"| fact | {' | '.join(heads)} |", rule, *rows])


def write() -> None:
    """Fill the tables of the pages from what the scripts expect."""
    begin, end = "<!-- facts -->", "<!-- /facts -->"
    for page in PAGES:
        path = FOLDER.parent / f"{page}.md"
        before, _, rest = path.read_text(encoding="utf-8").partition(begin)
        after = rest.partition(end)[2]
        text = f"{before}{begin}\n{table(page)}\n{end}{after}"
        path.write_text(text, encoding="utf-8")


def main() -> None:
    """The command; exits with 1 where a fact is not so."""
    print(sys.version)
    failed = run_all()
    if "--write" in sys.argv:
        write()
    sys.exit(failed != 0)


if __name__ == "__main__":
    main()
