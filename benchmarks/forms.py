"""Prints what each form of a report costs for a big tree, and which bars it meets.

    python benchmarks/forms.py [--quick] [--save] [--write-readme]

A minute. --save keeps the figures in benchmarks/results/forms/; --write-readme fills
the table of benchmarks/README.md.

The tree is that of `page.py`: 200,000 nodes of 4,000 functions, 36 deep on average.
Each form is written in processes of its own, in turn with the others; CPU time, and
memory above that of the loaded tree, the least of all rounds. How large the forms are
is told beside: "collapsed" has a whole stack in each line.
"""

from __future__ import annotations

import tempfile
from functools import partial
from pathlib import Path
from typing import Any

from measure import say
from one_page import Bar, Figures, run, table_of
from tables import Table
from writing import grow, write_alone

FORMS = "callgrind collapsed html pprof pstats speedscope summary".split()
SECONDS, MEMORY = 0.5, 60


def _figure(form: str, what: str, figures: Figures) -> float:
    return float(figures[form][what])


BARS = [
    *(Bar(f"{f}, s of CPU", SECONDS, ".2f", partial(_figure, f, "cpu")) for f in FORMS),
    *(Bar(f"{f}, MiB", MEMORY, ".0f", partial(_figure, f, "memory")) for f in FORMS),
]


def measure(is_quick: bool) -> Figures:
    """Everything."""
    found: Figures = {form: {} for form in FORMS}
    with tempfile.TemporaryDirectory() as folder:
        data, out = Path(folder, "big.frames"), Path(folder, "out")
        say("growing the tree")
        grow().save(data)
        for number in range(1 if is_quick else 9):
            say(f"writing it, round {number + 1}")
            for form in FORMS:
                cpu, memory = write_alone(form, data, out)
                least = found[form]
                least["cpu"] = min(cpu, least.get("cpu", cpu))
                least["memory"] = min(memory, least.get("memory", memory))
                least["size"] = out.stat().st_size / 2**20
    return found


def tables(figures: Figures) -> list[Table]:
    """The bars, and how large the forms are."""
    rows: list[Any] = [[form, f"{figures[form]['size']:.1f}"] for form in FORMS]
    return [table_of(BARS, figures), Table("Without a bar", ["form", "MiB"], rows)]


if __name__ == "__main__":
    run("forms", __doc__, measure, tables)
