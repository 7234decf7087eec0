"""A leak in a large heap is found and told of: `kept_heap.py WAY HOLDER OBJECTS`.

WAY: frametools, objgraph, guppy3. HOLDER: see `HOLDERS`; "groups" is 1,000 frames in 10
groups. Or what a frame keeps, which is all of OBJECTS; WAY: size, domisize, asizeof;
HOLDER: graph, linked. Writes {"cpu": s, "wall": s} from the question until the report
is printed, and what was found, as JSON to the file BENCH_OUT names.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import time
from collections.abc import Callable
from contextvars import ContextVar
from pathlib import Path
from types import FrameType
from typing import Any

Answer = dict[str, float]
BIG = 1 << 20


class Record:
    """What a program has many of."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.tags = [f"tag {number}"]
        self.by_name = {"self": self.tags}


class Job:
    """What keeps an exception."""

    def __init__(self) -> None:
        self.error: BaseException | None = None
        self.errors: list[BaseException] = []


class Registry:
    """What has jobs."""

    def __init__(self) -> None:
        self.jobs = {name: Job() for name in "abcdefghij"}


job = Job()
registry = Registry()
cache: dict[str, BaseException] = {}
saved: BaseException | None = None
current: ContextVar[BaseException] = ContextVar("current")


def load() -> None:
    """Raise, with something large at hand."""
    data = bytearray(BIG)
    raise RuntimeError(f"{len(data):,} bytes, and no end")


def caught() -> BaseException:
    """Return the exception, which has its frames."""
    try:
        load()
    except RuntimeError as error:
        return error
    raise AssertionError


# --- who holds it ---


def in_global() -> None:
    """app.saved."""
    globals()["saved"] = caught()


def in_dict() -> None:
    """app.cache['last']."""
    cache["last"] = caught()


def in_instance() -> None:
    """app.job.errors[0]."""
    job.errors.append(caught())


def in_registry() -> None:
    """app.registry.jobs['a'].error: three containers between."""
    registry.jobs["a"].error = caught()


def in_context() -> None:
    """A context variable."""
    current.set(caught())


def in_closure() -> None:
    """A list in a closure of a function in a dict of an instance: five between."""
    errors = [caught()]
    hooks = {"on_error": lambda: errors}
    job.hooks = hooks  # type: ignore[attr-defined]


FAILING = """
def load_{n}(size):
    data = bytearray(size)
    raise ValueError(size)

def caught_{n}(size):
    try:
        load_{n}(size)
    except ValueError as error:
        return error
"""


def in_groups() -> None:
    """1,000 frames: 10 jobs have 50 exceptions each, of two frames."""
    for number, each in enumerate(registry.jobs.values()):
        names: dict[str, Any] = {"__name__": __name__}
        exec(FAILING.format(n=number), names)
        catch = names[f"caught_{number}"]
        each.errors += [catch(1000 * (number + 1)) for _ in range(50)]


HOLDERS: dict[str, Callable[[], None]] = {
    "a module global": in_global,
    "a dict": in_dict,
    "a list of an instance": in_instance,
    "an attribute of an object in a dict of an instance": in_registry,
    "a context variable": in_context,
    "a list in a closure": in_closure,
    "groups": in_groups,
}


# --- who finds it ---


def frametools() -> Answer:
    """Everything that is kept, and the report."""
    from frametools.retention import live
    from frametools.retention.report.text import report

    leaks = live()
    print(report(leaks))
    return {"leaks": len(leaks), "groups": sum(leak.count for leak in leaks)}


def objgraph() -> Answer:
    """By hand: what has grown, then a chain to one of the frames."""
    import objgraph

    objgraph.show_growth()
    leak = objgraph.by_type("frame")[-1]
    chain = objgraph.find_backref_chain(leak, objgraph.is_proper_module)
    print(chain)
    return {"steps": len(chain)}


def guppy3() -> Answer:
    """By hand: the heap, the frames in it, paths to one."""
    from guppy import hpy

    heapy = hpy()
    heap = heapy.heap()
    print(heap)
    frames = heap & FrameType
    print(frames)
    each = [frames.byid[n].theone for n in range(frames.count)]
    leak = next(frame for frame in each if frame.f_code is load.__code__)
    print(heapy.iso(leak).shpaths)
    return {"frames": frames.count}


def size() -> Answer:
    """What the frame of `load` keeps, without a budget."""
    from frametools.retention.sizes.exclusive import exclusive

    frame = _frame()
    found = exclusive([frame], budget=None)
    print(found.total)
    return {"bytes": found.total}


def domisize() -> Answer:
    """The same by guppy3, which has to know the whole heap before."""
    from guppy import hpy

    heapy = hpy()
    heapy.heap()
    frame = _frame()
    start = time.process_time()
    found = heapy.iso(frame).domisize
    print(found)
    return {"bytes": found, "alone": time.process_time() - start}


def asizeof() -> Answer:
    """What pympler says of the value: it gives a frame 0 bytes."""
    from pympler.asizeof import asizeof

    found = asizeof(_frame().f_locals["data"])
    print(found)
    return {"bytes": found}


def _frame() -> FrameType:
    traceback = saved.__traceback__ if saved else None
    while traceback is not None and traceback.tb_next is not None:
        traceback = traceback.tb_next
    assert traceback is not None
    return traceback.tb_frame


WAYS: dict[str, Callable[[], Answer]] = {
    way.__name__: way for way in (frametools, objgraph, guppy3, size, domisize, asizeof)
}
SIZES = ("size", "domisize", "asizeof")


def prepare(way: str) -> None:
    """Import what the program would have, and have objgraph count before the leak."""
    if way == "objgraph":
        import objgraph

        objgraph.growth()
    elif way in ("guppy3", "domisize"):
        import guppy  # noqa: F401
    elif way == "asizeof":
        import pympler.asizeof  # noqa: F401
    else:
        import frametools.retention  # noqa: F401


def filled(objects: int) -> list[Record]:
    """Make records until there are so many objects."""
    missing = objects - len(gc.get_objects())
    return [Record(number) for number in range(missing // 3)]


def graph(objects: int) -> dict[str, list[object]]:
    """Return something of so many objects: six for each key."""
    return {f"key {n}": [float(n), (n, str(n))] for n in range(objects // 6)}


def linked(objects: int) -> object:
    """Return a chain of so many: a tuple with a float and the next tuple."""
    chain: object = None
    for n in range(objects // 2):
        chain = float(n), chain
    return chain


def load_data(shape: str, objects: int) -> None:
    """Raise, with all that at hand."""
    data = {"graph": graph, "linked": linked}[shape](objects)
    raise RuntimeError(type(data).__name__)


def ask(way: str) -> Answer:
    """Answer, timed."""
    gc.collect()
    wall, cpu = time.perf_counter(), time.process_time()
    found = WAYS[way]()
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    return {**found, "cpu": cpu, "wall": wall}


def main(way: str, holder: str, objects: int) -> None:
    """Fill the heap, leak, ask, tell."""
    sys.modules["app"] = sys.modules["__main__"]
    kept: object = None
    if way in SIZES:
        try:
            load_data(holder, objects)
        except RuntimeError as error:
            globals()["saved"] = error
    else:
        kept = filled(objects)
    prepare(way)
    if holder in HOLDERS:
        HOLDERS[holder]()
    found = ask(way)
    found["objects"] = len(gc.get_objects())
    Path(os.environ["BENCH_OUT"]).write_text(json.dumps(found))
    del kept


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
