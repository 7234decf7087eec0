"""A big tree, and what it costs to write it in some form: in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from random import Random

from measure import ROOT

sys.path.insert(0, str(ROOT))

from frametools._image import Image, layout
from frametools.calltree import CallTree
from frametools.events import CodeRef

NODES, FUNCTIONS, MODULES, DEPTH = 200_000, 4_000, 240, 60


def grow() -> CallTree:
    """Make the tree, the same each time."""
    random = Random(7)
    image = Image()
    image.flags = layout.FINISHED
    image.codes = [
        CodeRef(
            f"Class{n % 37}.method_{n}",
            f"/src/pkg{n % 12}/mod{n % MODULES}.py",
            n % 900 + 1,
        )
        for n in range(FUNCTIONS)
    ]
    image.cost_inside_ns, image.cost_outside_ns = 15.0, 20.0
    root = image.add_thread("MainThread").root
    depth = {root: 0}
    while len(image.parent) <= NODES:
        parent = _parent(random, len(image.parent), depth)
        node = image.add_node(parent, int(FUNCTIONS * random.random() ** 2))
        depth[node] = depth[parent] + 1
        often = int(random.expovariate(0.02)) if random.random() < 0.6 else 0
        image.calls[node] = image.returns[node] = 1 + often
    for node in range(NODES, root, -1):
        off = random.lognormvariate(9, 2) if random.random() < 0.02 else 0
        image.off[node] += int(off)
        image.wall[node] += int(random.lognormvariate(8, 2) + off)
        image.wall[image.parent[node]] += image.wall[node]
        image.off[image.parent[node]] += image.off[node]
    image.tick_now = image.wall[root]
    image.cpu_now_ns = image.wall[root] - image.off[root]
    return CallTree.from_image(image)


def _parent(random: Random, size: int, depth: dict[int, int]) -> int:
    """Most often a node that came just before, as calls of calls do."""
    if random.random() < 0.3:
        parent = 1 + int((size - 1) * random.random() ** 0.7)
    else:
        parent = size - 1 - int(random.random() ** 3 * min(size - 1, 60))
    return parent if depth[parent] < DEPTH else 1 + random.randrange(min(size - 1, 50))


def write_alone(form: str, data: Path, out: Path) -> tuple[float, float]:
    """Write a form in a new process: seconds of CPU, MiB above the loaded tree.

    Neither reading the data nor the start of Python is in it.
    """
    words = [sys.executable, __file__, form, str(data), str(out)]
    cost, memory = json.loads(subprocess.check_output(words))
    return cost, memory


def write(form: str, data: str, out: str) -> None:
    """Write a form, and print what it cost: seconds of CPU, MiB."""
    from frametools.profile._report import ReportOptions, load

    tree = CallTree.load(data)
    before = _memory("VmRSS")
    Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
    start = time.process_time()
    with open(out, "w", encoding="utf-8") as file:
        load(form).write(tree, file, ReportOptions(data=data))
    cost = time.process_time() - start
    print(json.dumps([cost, (_memory("VmHWM") - before) / 1024]))


def _memory(field: str) -> int:
    status = Path("/proc/self/status").read_text()
    (line,) = (each for each in status.splitlines() if each.startswith(field + ":"))
    return int(line.split()[1])


if __name__ == "__main__":
    write(*sys.argv[1:])
