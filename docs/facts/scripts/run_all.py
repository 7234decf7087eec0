"""Checks every fact of this folder on the running Python.

python docs/facts/scripts/run_all.py            # each in a process of its own
python docs/facts/scripts/run_all.py --write    # and fill the table of the page
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
PAGE = FOLDER.parent / "monitoring.md"


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


def row(path: Path) -> str:
    """One fact as a row of the table; equal neighbours are not repeated."""
    fact: Fact = importlib.import_module(path.stem).FACT
    cells = [fact.answer(version) for version in PYTHONS]
    return f"| [{fact.name}](scripts/{path.name}) | {' | '.join(cells)} |"


def table() -> str:
    """Every fact against every Python, in Markdown."""
    heads = [".".join(map(str, version)) for version in PYTHONS]
    rule = "|---" * (len(heads) + 1) + "|"
    return "\n".join([f"| fact | {' | '.join(heads)} |", rule, *map(row, scripts())])


def write() -> None:
    """Fill the page's table from what the scripts expect."""
    begin, end = "<!-- facts -->", "<!-- /facts -->"
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(begin)
    after = rest.partition(end)[2]
    PAGE.write_text(f"{before}{begin}\n{table()}\n{end}{after}", encoding="utf-8")


def main() -> None:
    """The command; exits with 1 where a fact is not so."""
    print(sys.version)
    failed = run_all()
    if "--write" in sys.argv:
        write()
    sys.exit(failed != 0)


if __name__ == "__main__":
    main()
