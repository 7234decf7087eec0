"""Prints what it costs to merge 1,000 data files, and which bars it meets.

    python benchmarks/merge.py [--quick] [--save] [--write-readme]

A minute. --save keeps the figures in benchmarks/results/merge/; --write-readme fills
the table of benchmarks/README.md.

1,000 files of 5,000 nodes and 600 functions, as runs of one program write them: a file
has four fifths of the 6,250 contexts that there are, numbers them in its own order, and
has counts and times of its own, in ticks. `frametools merge` is run as a whole, in a
process of its own; the least of all rounds. Memory is the most that the process had.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from random import Random
from typing import Any

from measure import ROOT, say
from one_page import Bar, Figures, run, table_of
from tables import Table

sys.path.insert(0, str(ROOT))

from frametools._image import Image, layout, save
from frametools.events import CodeRef

FILES, NODES, FUNCTIONS = 1_000, 5_000, 600
CONTEXTS = NODES * 5 // 4
BARS = (
    Bar("merged, s of CPU", 10, ".1f", lambda f: float(f["cpu"])),
    Bar("memory of the process, MiB", 200, ".0f", lambda f: float(f["memory"])),
)
MORE = {
    "wall": "on the clock, s",
    "nodes": "nodes of the sum",
    "memory_of_ten": "memory to merge the first 10 files, MiB",
}
NAMES = [
    CodeRef(f"Class{n % 37}.method_{n}", f"/src/pkg{n % 12}/mod{n % 40}.py", n + 1)
    for n in range(FUNCTIONS)
]


def shape() -> list[tuple[int, int]]:
    """Make all contexts: the caller's number, and the function's."""
    random = Random(7)
    return [
        (random.randrange(max(0, n - 60), n), int(FUNCTIONS * random.random() ** 2))
        for n in range(1, CONTEXTS + 1)
    ]


def grow(contexts: list[tuple[int, int]], seed: int) -> Image:
    """Make one run's file; it knows functions in the order of their first call."""
    random, image = Random(seed), Image()
    image.flags = layout.FINISHED
    image.ns_per_tick = 0.4167
    image.cost_inside_ns, image.cost_outside_ns = 15.0, 20.0
    root = image.add_thread("MainThread").root
    codes: dict[int, int] = {}
    places = {0: root}
    for number, (caller, function) in enumerate(contexts, 1):
        if caller not in places or random.random() < 0.002:
            continue
        code = codes.setdefault(function, len(codes))
        node = places[number] = image.add_node(places[caller], code)
        image.calls[node] = image.returns[node] = 1 + int(random.expovariate(0.02))
        image.wall[node] = int(random.lognormvariate(8, 2))
        if random.random() < 0.02:
            image.off[node] = image.wall[node] // 2
        if len(image.parent) > NODES:
            break
    for node in range(len(image.parent) - 1, root, -1):
        image.wall[image.parent[node]] += image.wall[node]
        image.off[image.parent[node]] += image.off[node]
    image.codes = [NAMES[function] for function in codes]
    image.tick_now = image.wall[root]
    return image


MERGE = """import json, os, sys, time
sys.path.insert(0, {root!r})
from frametools.__main__ import main
start = time.perf_counter()
assert main(["merge", *{files!r}, "-o", {out!r}]) == 0
wall = time.perf_counter() - start
times = os.times()
status = open("/proc/self/status").read()
peak = int(status.partition("VmHWM:")[2].split()[0]) / 1024
print(json.dumps([times.user + times.system, wall, peak]))"""


def merge(files: list[str], out: Path) -> tuple[float, float, float]:
    """Merge in a process alone: seconds of CPU, on the clock, MiB at most."""
    code = MERGE.format(root=str(ROOT), files=files, out=str(out))
    words = [sys.executable, "-"]
    done = subprocess.run(words, input=code, capture_output=True, text=True, check=True)
    cpu, wall, peak = json.loads(done.stdout.splitlines()[-1])
    return cpu, wall, peak


def measure(is_quick: bool) -> Figures:
    """Everything."""
    with tempfile.TemporaryDirectory() as folder:
        say(f"writing {FILES} files")
        files, contexts = [], shape()
        for seed in range(FILES):
            files.append(f"{folder}/{seed}.frames")
            save(grow(contexts, seed), files[-1])
        out = Path(folder, "all.frames")
        say("merging them")
        found = [merge(files, out) for _ in range(1 if is_quick else 3)]
        from frametools.calltree import CallTree

        return {
            "cpu": min(cpu for cpu, _, _ in found),
            "wall": min(wall for _, wall, _ in found),
            "memory": min(peak for _, _, peak in found),
            "nodes": len(CallTree.load(out)),
            "memory_of_ten": merge(files[:10], out)[2],
        }


def tables(figures: Figures) -> list[Table]:
    """The bars, and what else was measured."""
    rows: list[Any] = [[text, f"{figures[name]:.0f}"] for name, text in MORE.items()]
    return [table_of(BARS, figures), Table("Without a bar", ["measure", ""], rows)]


if __name__ == "__main__":
    run("merge", __doc__, measure, tables)
