"""Takes the Python twin's nodes over into an `Image` (docs/data-file.md)."""

from __future__ import annotations

from struct import pack_into, unpack_from
from time import perf_counter

from frametools._image import Image, layout
from frametools.events import CodeKind, CodeRef
from frametools.monitor._nodes import KIND, ROOT, TRACKED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from frametools.monitor._forest import Forest
    from frametools.monitor._nodes import Node, Thread

C_FUNCTIONS = layout.C_FUNCTIONS
_NS = 1e9


def harvest(forest: Forest) -> Image:
    """Make the image of a forest, what is open closed now; about 3 us per node."""
    image = Image()
    image.flags = layout.PURE_PYTHON | (layout.SAMPLED if forest.is_sampled else 0)
    image.flags |= layout.NODES_LOST if forest.has_lost_events else 0
    image.unmatched, image.repaired = forest.unmatched, forest.repaired
    count = len(forest.nodes)
    nodes = sorted(forest.nodes[:count], key=_by_id)
    _columns(image, nodes)
    if not forest.is_sampled:
        _sum_off(image)
    _close_open(image, forest)
    image.codes += [_code(name) for name in forest.codes.names]
    for thread in forest.threads[:]:
        if thread.root.id <= count:
            _thread(image, thread)
    return image


def _by_id(node: Node) -> int:
    return node.id


def _columns(image: Image, nodes: list[Node]) -> None:
    """Fill the columns; calls are what left, less what was not a call."""
    is_root = [node.flags & KIND == ROOT for node in nodes]
    parents = (
        0 if root else n.parent.id for n, root in zip(nodes, is_root, strict=True)
    )
    image.parent.extend(parents)
    image.code.extend([node.index for node in nodes])
    image.node_flags.extend([node.flags & ~TRACKED for node in nodes])
    image.returns.extend([node.returns for node in nodes])
    image.resumes.extend([node.resumes for node in nodes])
    image.yields.extend([node.yields for node in nodes])
    image.throws.extend([node.throws for node in nodes])
    image.unwinds.extend([node.unwinds for node in nodes])
    image.calls.extend([max(node.calls, 0) for node in nodes])
    image.wall.extend([_ns(node.wall) for node in nodes])
    image.off.extend([_ns(node.off) for node in nodes])
    image.awaited.extend([_ns(node.awaited) for node in nodes])


def _ns(seconds: float) -> int:
    return max(round(seconds * _NS), 0)


def _sum_off(image: Image) -> None:
    """Make `off` that of the whole subtree; a child's id is above its parent's."""
    off, parent = image.off, image.parent
    for node in range(len(parent) - 1, 0, -1):
        off[parent[node]] += off[node]
    off[0] = 0


def _close_open(image: Image, forest: Forest) -> None:
    now = perf_counter()
    known = len(image.parent)
    for thread in forest.threads[:]:
        for node, elapsed in thread.open_nodes(now):
            if node.id < known:
                image.calls[node.id] += 1
                if not forest.is_sampled:
                    image.wall[node.id] += _ns(elapsed)
    for node, since in forest.awaited():
        if node.id < known:
            image.awaited[node.id] += _ns(now - since)


def _code(name: tuple[str, str, int, int, int]) -> CodeRef:
    return CodeRef(*name[:4], kind=CodeKind(name[4]))


def _thread(image: Image, thread: Thread) -> None:
    record = layout.ThreadRecord(thread.index, thread.name, thread.root.id)
    record.ident, record.native_id = thread.ident, thread.native_id
    record.first, record.ended = _ns(thread.first), _ns(thread.ended)
    record.last, record.off = _ns(thread.last), _ns(thread.off)
    record.running, record.max_depth = thread.running, thread.max_depth
    record.open = thread.open + sum(1 for _ in thread.open_nodes(0.0))
    image.threads.append(record)


def set_costs(image: Image, costs: tuple[float, float, float, float]) -> None:
    """Put the costs of monitoring into the header."""
    image.cost_inside_ns, image.cost_outside_ns = costs[:2]
    image.cost_c_inside_ns, image.cost_c_outside_ns = costs[2:]


def mark_unfinished(data: bytearray) -> None:
    """Say of a file that its process still runs."""
    (flags,) = unpack_from("=I", data, 28)
    pack_into("=I", data, 28, flags & ~layout.FINISHED)
