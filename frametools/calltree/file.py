"""A `CallTree` from an `Image` of a data file, and back."""

from __future__ import annotations

from array import array

from frametools._image import Image, ImageError, layout, read
from frametools._image.layout import ThreadRecord
from frametools._image.notes import task_notes, write_notes
from frametools.calltree.times import cumulative
from frametools.calltree.tree import COUNTS, TIMES, CallTree, Costs, ThreadInfo

_FLAGS = {
    "is_finished": layout.FINISHED,
    "is_sampled": layout.SAMPLED,
    "has_c_functions": layout.C_FUNCTIONS,
    "has_events": layout.RECORDED,
    "is_pure_python": layout.PURE_PYTHON,
    "has_lost_nodes": layout.NODES_LOST,
    "is_cut_early": layout.CUT_EARLY,
    "is_cut_late": layout.CUT_LATE,
}
_SAME = tuple("pid parent_pid start_unix_ns unmatched repaired events_dropped".split())
_THREAD_SAME = tuple("name root ident native_id running max_depth open".split())


def from_image(source: Image | bytes) -> CallTree:
    """Make a tree of an image: ticks become ns, sampled self times cumulative ones."""
    image = source if isinstance(source, Image) else read(source, events=False)
    tree = CallTree()
    tree.parent, tree.code = image.parent, image.code
    tree.node_flags, tree.kind = image.node_flags, image.kinds()
    for name in COUNTS:
        setattr(tree, name, array("Q", getattr(image, name)))
    _header(tree, image)
    try:
        for name in TIMES:
            setattr(tree, name, _ns(getattr(image, name), image.ns_per_tick))
        if tree.is_sampled:
            tree.wall = array("Q", cumulative(tree.wall, tree.parent))
            tree.off = array("Q", cumulative(tree.off, tree.parent))
    except OverflowError:
        raise ImageError("the data is damaged (a time is out of range)") from None
    tree.codes = image.codes
    tree.threads = [_thread_info(record, image) for record in image.threads]
    tree.notes = image.notes
    tree.cpu_ns = tree.cpu_ns or _cpu_of_threads(tree)
    return tree


def _cpu_of_threads(tree: CallTree) -> int:
    """What a killed process had no time to write, as far as calls tell; O(nodes)."""
    cpu = tree.times(raw=True).cum_cpu
    return sum(cpu[thread.root] for thread in tree.threads if thread.root)


def _header(tree: CallTree, image: Image) -> None:
    for name, bit in _FLAGS.items():
        setattr(tree, name, bool(image.flags & bit))
    for name in _SAME:
        setattr(tree, name, getattr(image, name))
    tree.wall_ns = _since_start(image.tick_now, image)
    tree.cpu_ns = max(0, image.cpu_now_ns - image.cpu_start_ns)
    tree.costs = Costs(
        image.cost_inside_ns,
        image.cost_outside_ns,
        image.cost_c_inside_ns,
        image.cost_c_outside_ns,
    )


def _ns(ticks: array[int], ns_per_tick: float) -> array[int]:
    if ns_per_tick == 1.0 or not any(ticks):
        return ticks
    return array("Q", [int(tick * ns_per_tick + 0.5) for tick in ticks])


def _since_start(tick: int, image: Image) -> int:
    return max(0, int((tick - image.tick_start) * image.ns_per_tick + 0.5))


def _thread_info(record: ThreadRecord, image: Image) -> ThreadInfo:
    same = {name: getattr(record, name) for name in _THREAD_SAME}
    return ThreadInfo(
        record.index,
        **same,
        first=_since_start(record.first, image) if record.first else 0,
        last=_since_start(record.last, image) if record.last else 0,
        ended=_since_start(record.ended, image) if record.ended else 0,
        off=int(record.off * image.ns_per_tick + 0.5),
    )


def _own(total: array[int], parent: array[int]) -> array[int]:
    own = total[:]
    for node in range(len(own) - 1, 0, -1):
        if parent[node]:
            own[parent[node]] -= total[node]
    return own


def to_image(tree: CallTree) -> Image:
    """Make an image of a tree, with ticks of 1 ns."""
    image = Image()
    image.parent, image.code = tree.parent, tree.code
    image.node_flags, image.codes = tree.node_flags, tree.codes
    for name in COUNTS + TIMES:
        typecode = getattr(image, name).typecode
        setattr(image, name, layout.saturated(typecode, getattr(tree, name)))
    if tree.is_sampled:
        image.wall = _own(tree.wall, tree.parent)
        image.off = _own(tree.off, tree.parent)
    image.flags = sum(bit for name, bit in _FLAGS.items() if getattr(tree, name))
    for name in _SAME:
        setattr(image, name, getattr(tree, name))
    image.tick_now, image.cpu_now_ns = tree.wall_ns, tree.cpu_ns
    image.cost_inside_ns, image.cost_outside_ns = tree.costs[:2]
    image.cost_c_inside_ns, image.cost_c_outside_ns = tree.costs[2:]
    image.threads = [_thread_record(thread) for thread in tree.threads]
    memory = None
    if tree.memory is not None:
        from frametools.calltree.memory import write_memory

        memory = write_memory(tree.memory)
    image.notes = write_notes(tree.info, tree.exceptions, memory)
    image.notes += task_notes(tree.task_names)
    return image


def _thread_record(thread: ThreadInfo) -> ThreadRecord:
    record = ThreadRecord(thread.number)
    for name, value in zip(thread._fields[1:], thread[1:], strict=True):
        setattr(record, name, value)
    return record
