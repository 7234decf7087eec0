"""A profile for speedscope, by its file-format schema.

With recorded events each thread is an evented profile: the true time line. From
a tree alone it is a sampled one: each node's stack, weighted with its self time.
"""

from __future__ import annotations

from json import dumps

from frametools._paths import printable, short_path
from frametools.calltree.times import self_times
from frametools.profile._names import Places, distinct_names
from frametools.profile.reports._stacks import batches, busy_threads, walk
from frametools.profile.reports.head import command

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import TextIO

    from frametools.calltree import CallTree
    from frametools.events import CodeRef
    from frametools.profile._report import ReportOptions
    from frametools.recording import Recording

_HOST = "www.speedscope.app"
SCHEMA = f"https://{_HOST}/file-format-schema.json"


class Speedscope:
    """The `speedscope` form."""

    name = "speedscope"
    is_binary = False

    def write(self, tree: CallTree, out: TextIO, options: ReportOptions) -> None:
        """Write the JSON, a row at a time; O(nodes) or O(events)."""
        from frametools import __version__

        out.write('{"$schema":' + dumps(SCHEMA))
        out.write(',"exporter":' + dumps(f"frametools {__version__}"))
        out.write(',"name":' + dumps(command(tree)) + ',"activeProfileIndex":0')
        if tree.has_events and options.data:
            from frametools.recording import Recording

            _write_time_lines(Recording.load(options.data), out)
        else:
            _write_weights(tree, out, options)
        out.write("}\n")


def _frames(tree: CallTree, codes: Sequence[CodeRef]) -> str:
    """The list of frames; the viewer's tables have names, but no files."""
    names = distinct_names(codes, Places(tree.info.get("cwd", "")))
    frames: list[dict[str, object]] = [{"name": name} for name in names]
    for frame, code in zip(frames, codes, strict=True):
        if code.filename:
            frame["file"] = printable(short_path(code.filename))
            frame["line"] = code.firstlineno
    return '"shared":{"frames":' + dumps(frames) + "}"


def _write_weights(tree: CallTree, out: TextIO, options: ReportOptions) -> None:
    wall, cpu = self_times(tree, raw=options.raw)
    own = wall if options.clock == "wall" else cpu
    out.write("," + _frames(tree, tree.codes) + ',"profiles":[')
    numbers = [str(at) for at in range(len(tree.codes))]
    for index, thread in enumerate(busy_threads(tree)):
        weights: list[int] = []
        out.write("," * bool(index) + '\n{"type":"sampled","samples":[')
        stacks = walk(tree, thread.root, own, numbers, ",")
        out.writelines(batches(_samples(stacks, numbers, weights)))
        out.write('],"weights":' + dumps(weights))
        out.write(_profile_end(thread.name, 0, sum(weights)))
    out.write("]")


def _samples(
    stacks: Iterator[tuple[str, int, int]], numbers: list[str], weights: list[int]
) -> Iterator[str]:
    """The stacks as rows; their weights are left in `weights`."""
    gap = ""
    for before, code, weight in stacks:
        yield f"{gap}[{before}{numbers[code]}]"
        weights.append(weight)
        gap = ","


def _profile_end(name: str, start: int, end: int) -> str:
    return (
        f',"name":{dumps(name or "thread")},"unit":"nanoseconds"'
        f',"startValue":{start},"endValue":{end}}}'
    )


def _write_time_lines(recording: Recording, out: TextIO) -> None:
    frames: dict[CodeRef, int] = {}
    out.write(',"profiles":[')
    before = "\n"
    for index, thread in enumerate(recording.threads):
        rows = _rows(recording, index, frames, ends := [0, 0])
        first = next(rows, "")
        if not first:
            continue
        out.write(before + '{"type":"evented","events":[' + first)
        out.writelines("," + row for row in rows)
        out.write("]" + _profile_end(thread.name, *ends))
        before = ",\n"
    out.write("]," + _frames(recording.tree, list(frames)))


def _rows(
    recording: Recording, thread: int, frames: dict[CodeRef, int], ends: list[int]
) -> Iterator[str]:
    """Opening and closing rows that always nest, whatever events are missing.

    `ends` is left holding the first and the last moment.
    """
    stack: list[tuple[int, int]] = []
    now = -1
    for event in recording.thread(thread):
        if not (event.kind.enters or event.kind.leaves):
            continue
        if now < 0:
            ends[0] = event.time
        now = max(event.time, now)
        while stack and stack[-1][0] >= event.depth:
            yield _row("C", stack.pop()[1], now)
        if event.kind.enters:
            frame = frames.setdefault(event.code, len(frames))
            stack.append((event.depth, frame))
            yield _row("O", frame, now)
    while stack:
        yield _row("C", stack.pop()[1], now)
    ends[1] = max(now, ends[0])


def _row(kind: str, frame: int, time: int) -> str:
    return f'{{"type":"{kind}","frame":{frame},"at":{time}}}'


REPORT = Speedscope()
