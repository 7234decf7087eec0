"""The time line, for Perfetto and chrome://tracing: Trace Event Format, JSON.

A track per thread, and one per task of asyncio (nestable async events). Exceptions
are marks; whether a frame was resumed, suspended or left by an exception stands in a
span's arguments. Where there are more spans than `limit`, the shortest are left out:
what is seen of the whole run stays.
"""

from __future__ import annotations

from json import dumps

from frametools._paths import printable
from frametools.events import EventKind
from frametools.profile._names import Places, distinct_names
from frametools.profile._report import LackingError
from frametools.profile.reports._timeline import SUSPENDED, Follower
from frametools.profile.reports.head import command
from frametools.profile.reports.notices import notices

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TextIO

    from frametools.calltree import CallTree
    from frametools.profile._report import ReportOptions
    from frametools.profile.reports._timeline import Span
    from frametools.recording import Recording

SPANS = 500_000
"""As many at most, unless --limit says otherwise."""
MARKS = 100_000

_ENTERED = {EventKind.PY_RESUME: "resumed", EventKind.PY_THROW: "thrown into"}
_LEFT = {
    0: "not seen to end",
    EventKind.PY_YIELD: "suspended",
    EventKind.PY_UNWIND: "exception",
    EventKind.PY_THROW: "thrown into",
    EventKind.C_RAISE: "exception",
}
_MARKED = {EventKind.RAISE: "raise", EventKind.EXCEPTION_HANDLED: "handled"}


class Perfetto:
    """The `perfetto` form."""

    name = "perfetto"
    is_binary = False

    def write(self, tree: CallTree, out: TextIO, options: ReportOptions) -> None:
        """Write span by span; O(events). LackingError where none were recorded."""
        if not (tree.has_events and options.data):
            raise LackingError(
                "perfetto shows recorded events, and there are none: "
                "frametools profile --record keeps them"
            )
        from frametools.recording import Recording

        recording = Recording.load(options.data)
        limit = SPANS if options.limit is None else options.limit
        sizes = _Sizes(limit)
        if len(recording) > limit:
            Follower(recording, sizes).follow()
        writer = _Writer(recording, out, sizes)
        writer.begin()
        Follower(recording, writer).follow()
        writer.end()


class _Sizes:
    """How long each span is, as a power of 2, and which are long enough."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.powers = bytearray()

    def open(
        self, _thread: int, _task: int, _code: int, time: int, _kind: int, /
    ) -> Span:
        """Number the spans."""
        self.powers.append(0)
        return len(self.powers) - 1, time

    def close(self, span: Span, time: int, _kind: int, /) -> None:
        """Note the size."""
        number, since = span
        self.powers[number] = (time - since).bit_length()

    def mark(self, *_: int) -> None:
        """Marks are bounded by their own number."""

    def least(self) -> int:
        """The smallest power of 2 (ns) of which no more spans are than allowed.

        Where even the longest are too many, theirs: the first of them are written.
        """
        longer = 0
        for power in range(64, -1, -1):
            same = self.powers.count(power)
            if longer + same > self.limit:
                return power + 1 if longer else power
            longer += same
        return 0


class _Writer:
    """Writes spans and marks as they come; a span is what ends it."""

    def __init__(self, recording: Recording, out: TextIO, sizes: _Sizes) -> None:
        tree = self.tree = recording.tree
        self.write = out.write
        self.powers, self.least = sizes.powers, sizes.least()
        self.limit = sizes.limit
        self.number = self.spans = self.marks = self.marks_left_out = 0
        places = Places(tree.info.get("cwd", ""))
        names = distinct_names(tree.codes, places)
        for index, task in tree.task_names.items():
            names[index] += printable(f' "{task}"')
        self.names = [dumps(name) for name in names]
        at = [places.place(code) for code in tree.codes]
        self.places = [f'"at":{dumps(place)}' if place else "" for place in at]
        self.threads = [
            f'"pid":{tree.pid},"tid":{self._tid(thread.number)}'
            for thread in recording.threads
        ]

    def begin(self) -> None:
        """Write what comes before the spans."""
        tree = self.tree
        self.write('{"displayTimeUnit":"ns","traceEvents":[\n')
        self.write(self._about(0, "process_name", "name", command(tree)))
        for thread in tree.threads:
            name, number = printable(thread.name) or "thread", thread.number
            self.write(",\n" + self._about(number, "thread_name", "name", name))
            self.write(
                ",\n" + self._about(number, "thread_sort_index", "sort_index", number)
            )

    def _tid(self, number: int) -> int:
        """The number of a thread; that of the main thread is the process's."""
        return self.tree.pid + number

    def _about(self, thread: int, what: str, key: str, value: object) -> str:
        tid = self._tid(thread)
        return (
            f'{{"ph":"M","pid":{self.tree.pid},"tid":{tid},"name":"{what}"'
            f',"args":{{"{key}":{dumps(value)}}}}}'
        )

    def open(self, thread: int, task: int, code: int, time: int, kind: int) -> Span:
        """Begin a span that is long enough."""
        number = self.number
        self.number += 1
        if self.spans >= self.limit:
            return None
        if self.powers and self.powers[number] < self.least:
            return None
        self.spans += 1
        track = self.threads[thread]
        if code == SUSPENDED:
            name, args = '"suspended"', ""
        else:
            name, args = self.names[code], self.places[code]
        if kind in _ENTERED and not task:
            args += f'{"," * bool(args)}"entered":"{_ENTERED[EventKind(kind)]}"'
        begin, end = "B", f'"ph":"E",{track}'
        if task:
            begin = "b"
            track += f',"cat":"task","id2":{{"local":"{task:#x}"}}'
            end = f'"ph":"e",{track},"name":{name}'
        args = f',"args":{{{args}}}' if args else ""
        self.write(
            f',\n{{"ph":"{begin}",{track},"ts":{_us(time)},"name":{name}{args}}}'
        )
        return end

    def close(self, span: Span, time: int, kind: int) -> None:
        """End a span that was begun."""
        if span is None:
            return
        left = _LEFT.get(kind)
        args = f',"args":{{"left":"{left}"}}' if left else ""
        self.write(f',\n{{{span},"ts":{_us(time)}{args}}}')

    def mark(self, thread: int, code: int, time: int, kind: int, type_: int) -> None:
        """Mark an exception."""
        if self.marks >= MARKS:
            self.marks_left_out += 1
            return
        self.marks += 1
        what = _MARKED.get(EventKind(kind), "exception")
        if 0 <= type_ < len(self.tree.codes):
            what += f" {printable(self.tree.codes[type_].qualname)}"
        self.write(
            f',\n{{"ph":"i","s":"t",{self.threads[thread]},"cat":"exception"'
            f',"ts":{_us(time)},"name":{dumps(what)}'
            f',"args":{{"in":{self.names[code]}}}}}'
        )

    def end(self) -> None:
        """Write what is known of the whole."""
        from frametools import __version__

        tree = self.tree
        told = [printable(notice) for notice in notices(tree)]
        told += self._left_out()
        if told:
            labels = self._about(0, "process_labels", "labels", "; ".join(told))
            self.write(",\n" + labels)
        other = {
            "frametools": __version__,
            "python": printable(str(tree.info.get("python", ""))),
            "start_unix_ns": tree.start_unix_ns,
            "spans": self.spans,
            "spans_left_out": self.number - self.spans,
            "marks_left_out": self.marks_left_out,
            "notices": told,
        }
        self.write('\n],"otherData":' + dumps(other) + "}\n")

    def _left_out(self) -> list[str]:
        """What the bounds cost."""
        told = []
        if self.number > self.spans:
            count = self.number - self.spans
            told.append(f"the shortest {count:,} of {self.number:,} spans are left out")
        if self.marks_left_out:
            told.append(f"{self.marks_left_out:,} marks of exceptions are left out")
        return told


def _us(time: int) -> str:
    """A time (ns) in the format's microseconds, exactly."""
    return f"{time // 1000}.{time % 1000:03d}"


REPORT = Perfetto()
