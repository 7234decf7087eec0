"""Prints what the HTML page of a big tree costs, and which bars it meets.

    python benchmarks/page.py [--quick] [--save] [--write-readme]

Half a minute. Needs a Chromium on PATH. --save keeps the figures in
benchmarks/results/page/; --write-readme fills the table of benchmarks/README.md.

The tree has 200,000 nodes of 4,000 functions, 60 deep at most, with times and counts
that repeat as little as those of a real run. Written: CPU time, and memory above that
of the loaded tree, of a process of its own. In the browser (headless, 1280 x 800): time
on the clock from the start of the navigation until the graph is drawn, and from a
double click, a key or a search until the picture that answers it; the least of all
rounds, so that other work of the machine counts as little as can be.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import Any

from measure import ROOT, say
from one_page import Bar, Figures, run, table_of
from tables import Table
from writing import grow, write_alone

sys.path.insert(0, str(ROOT))

from tests.profile import browser

BARS = (
    Bar("written, s of CPU", 0.5, ".2f", lambda f: float(f["written"])),
    Bar("memory to write it, MiB", 60, ".0f", lambda f: float(f["memory"])),
    Bar("size of the page, MiB", 3, ".1f", lambda f: float(f["size"])),
    Bar("until the graph is drawn, s", 1, ".2f", lambda f: float(f["drawn"])),
    Bar("zoom, ms", 50, ".0f", lambda f: float(f["zoom"])),
)
MORE = {
    "report": "`frametools report` as a whole, s of CPU",
    "search": "search, ms",
    "sort": "the table in another order, ms",
    "metric": "another width, ms",
    "inverted": "inverted, the first time, ms",
}


def measure_writing(data: Path, page: Path, rounds: int) -> Figures:
    """Write the page in processes of their own; the least of all rounds."""
    found = [write_alone("html", data, page) for _ in range(rounds)]
    whole = f"""import os, sys; sys.path.insert(0, {str(ROOT)!r})
from frametools.__main__ import main
main(["report", {str(data)!r}, "--html", {str(page)!r}])
times = os.times(); print(times.user + times.system)"""
    words = [sys.executable, "-c", whole]
    report = [float(subprocess.check_output(words)) for _ in range(rounds)]
    return {
        "written": min(cost for cost, _ in found),
        "memory": min(memory for _, memory in found),
        "size": page.stat().st_size / 2**20,
        "report": min(report),
    }


ANSWERED = """new Promise((done) => {{
    const start = performance.now();
    {action};
    requestAnimationFrame(() => setTimeout(() => done(performance.now() - start)));
}})"""
ACTIONS = {
    "search": "search.value = 'method_1'; search.dispatchEvent(new Event('input'))",
    "sort": "document.querySelector('#functions-head button').click()",
    "metric": "document.querySelector('input[value=wall]').click()",
    "inverted": "document.querySelector('input[value=yes]').click()",
}


def zoom(page: browser.Page, part: float, row: int) -> float:
    """Zoom to what stands at a point; milliseconds until it is drawn."""
    at = f"clientX: box.x + {part} * box.width, clientY: box.y + {row * 20 + 10}"
    action = "const box = canvas.getBoundingClientRect();"
    action += f"canvas.dispatchEvent(new MouseEvent('dblclick', {{ {at} }}))"
    took = float(page.run(ANSWERED.format(action=action)))
    page.press("0")
    return took


def measure_browsing(path: Path, rounds: int) -> Figures:
    """Open the page again and again, and use it; the least of all rounds."""
    found: dict[str, list[float]] = {"drawn": [], "zoom": []}
    started = browser.Browser(str(browser.find()))
    try:
        for _ in range(rounds):
            page = started.open(path)
            drawn = page.run("performance.getEntriesByName('drawn')[0].startTime")
            found["drawn"].append(drawn / 1000)
            places = [(0.1, 3), (0.3, 4), (0.6, 2), (0.2, 6), (0.05, 8)]
            found["zoom"].append(median(zoom(page, *place) for place in places))
            for name, action in ACTIONS.items():
                took = page.run(ANSWERED.format(action=action))
                found.setdefault(name, []).append(took)
            page.close()
    finally:
        started.close()
    return {name: min(times) for name, times in found.items()}


def measure(is_quick: bool) -> Figures:
    """Everything."""
    rounds = 2 if is_quick else 7
    with tempfile.TemporaryDirectory() as folder:
        data, page = Path(folder, "big.frames"), Path(folder, "big.html")
        say("growing the tree")
        grow().save(data)
        say("writing the page")
        found = measure_writing(data, page, rounds)
        say("opening the page")
        return {**found, **measure_browsing(page, rounds)}


def tables(figures: Figures) -> list[Table]:
    """The bars, and what else was measured."""
    rows: list[Any] = [[text, f"{figures[name]:.1f}"] for name, text in MORE.items()]
    return [table_of(BARS, figures), Table("Without a bar", ["measure", ""], rows)]


if __name__ == "__main__":
    if browser.find() is None:
        sys.exit("no Chromium on PATH (apt-get install chromium)")
    else:
        run("page", __doc__, measure, tables)
