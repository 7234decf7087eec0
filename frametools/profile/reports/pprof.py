"""A profile for `go tool pprof` and what stores such: profile.proto, gzip'ed.

A sample for each node of the tree: its stack from the innermost function outwards,
its calls, CPU and wall time (ns, its own), and as labels its thread and, below a
coroutine, its task: the outermost coroutine. The encoder is ours: nothing to install.
"""

from __future__ import annotations

import zlib

from frametools._paths import printable
from frametools.calltree.times import self_times
from frametools.events import CodeKind
from frametools.profile._names import Places, distinct_names
from frametools.profile.reports._protobuf import (
    PAIRS,
    block,
    number,
    pairs,
    text,
    varint,
)
from frametools.profile.reports._stacks import DEPTH, batches, busy_threads
from frametools.profile.reports.head import command

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import TextIO

    from frametools.calltree import CallTree
    from frametools.profile._report import ReportOptions

# Numbers of the fields of profile.proto's messages.
_SAMPLE_TYPE, _MAPPING, _LOCATION, _FUNCTION, _STRING = 1, 3, 4, 5, 6
_TIME, _DURATION, _PERIOD_TYPE, _PERIOD, _COMMENT, _DEFAULT = 9, 10, 11, 12, 13, 14

TYPES = (("calls", "count"), ("cpu", "nanoseconds"), ("wall", "nanoseconds"))
SAMPLED_EVERY = 2_000_000
"""What --low samples at (ns)."""
_AWAITS = 4  # the flag of a node: coroutine or async generator


class Pprof:
    """The `pprof` form."""

    name = "pprof"
    is_binary = True

    def write(self, tree: CallTree, out: TextIO, options: ReportOptions) -> None:
        """Write to `out.buffer`, some samples at a time; O(nodes + their stacks)."""
        out.flush()
        packer = zlib.compressobj(1, zlib.DEFLATED, 31)  # 31: as gzip does, no date
        strings = _Strings()
        samples = _Samples(tree, strings, options)
        for thread in busy_threads(tree):
            named = text(strings.label("thread", thread.name))
            for some in batches(samples.of_thread(thread.root, named)):
                out.buffer.write(packer.compress(some.encode("latin-1")))
        rest = _head(tree, strings, options) + _functions(tree, strings)
        out.buffer.write(packer.compress(rest + strings.table()))
        out.buffer.write(packer.flush())


class _Strings:
    """Each string of a profile once; a message has its number."""

    __slots__ = ("_numbers",)

    def __init__(self) -> None:
        self._numbers = {"": 0}

    def number(self, text: str) -> int:
        """Find or give the number of a string."""
        return self._numbers.setdefault(printable(text), len(self._numbers))

    def table(self) -> bytes:
        """The strings in the order of their numbers."""
        return b"".join(block(_STRING, text.encode()) for text in self._numbers)

    def label(self, key: str, text: str) -> bytes:
        """A label of a sample."""
        found = number(1, self.number(key)) + number(2, self.number(text))
        return block(3, found)

    def value_type(self, what: str, unit: str) -> bytes:
        """The type of a value."""
        return number(1, self.number(what)) + number(2, self.number(unit))


def _head(tree: CallTree, strings: _Strings, options: ReportOptions) -> bytes:
    from frametools import __version__

    comments = [f"frametools {__version__}", command(tree)]
    python = tree.info.get("python")
    if isinstance(python, str):
        comments.append(python)
    period = ("wall", "nanoseconds") if tree.is_sampled else ("calls", "count")
    return b"".join(
        [
            *(block(_SAMPLE_TYPE, strings.value_type(*pair)) for pair in TYPES),
            number(_TIME, tree.start_unix_ns),
            number(_DURATION, tree.wall_ns),
            block(_PERIOD_TYPE, strings.value_type(*period)),
            number(_PERIOD, SAMPLED_EVERY if tree.is_sampled else 1),
            *(number(_COMMENT, strings.number(comment)) for comment in comments),
            number(_DEFAULT, strings.number(options.clock or "cpu")),
        ]
    )


def _functions(tree: CallTree, strings: _Strings) -> bytes:
    """A function for each code, and a location for each function.

    A system name would be one to demangle: pprof takes `<module>` for a template. The
    mapping is the program; some readers must have one, and to others it says that
    there is nothing to look for in a binary.
    """
    names = distinct_names(tree.codes, Places(tree.info.get("cwd", "")))
    mapping = number(1, 1) + number(5, strings.number(_program(tree)))
    mapping += number(7, 1) + number(8, 1) + number(9, 1)  # functions, files, lines
    found = [block(_MAPPING, mapping)]
    for at, (code, name) in enumerate(zip(tree.codes, names, strict=True), 1):
        if code.kind not in (CodeKind.PYTHON, CodeKind.C_FUNCTION):
            continue
        function = number(1, at) + number(2, strings.number(name))
        function += number(4, strings.number(code.filename))
        function += number(5, code.firstlineno)
        line = block(4, number(1, at) + number(2, code.firstlineno))
        found.append(block(_FUNCTION, function))
        found.append(block(_LOCATION, number(1, at) + number(2, 1) + line))
    return b"".join(found)


def _program(tree: CallTree) -> str:
    """The script or module that ran; of a merge, the first."""
    words = tree.info.get("command")
    words = [str(word) for word in words] if isinstance(words, list) else []
    return next((word for word in words if word != "-m"), "?")


class _Samples:
    """What the samples of a tree are made of.

    Each character of the texts is a byte: text is joined in half the time of bytes.
    """

    def __init__(
        self, tree: CallTree, strings: _Strings, options: ReportOptions
    ) -> None:
        wall, cpu = self_times(tree, raw=options.raw)
        self.tree, self.strings = tree, strings
        self.columns = tree.calls, cpu, wall
        self.values = list(_values(*self.columns))
        known = {ref: at for at, ref in reversed(list(enumerate(tree.codes, 1)))}
        of_code = [text(varint(known[ref])) for ref in tree.codes]
        of_code += [""] * (len(tree.threads) + 1)  # a root's is its thread
        self.locations = list(map(of_code.__getitem__, tree.code))
        flags = enumerate(tree.node_flags)
        self.awaits = {node for node, flag in flags if flag & _AWAITS}

    def of_thread(self, root: int, named: str) -> Iterator[str]:
        """Give a sample for each node that has any value, callers first; O(nodes)."""
        first, following = self.tree.links
        values, locations, awaits = self.values, self.locations, self.awaits
        size, _ = pairs()
        waiting = [(first[root], "", named, 1)]
        while waiting:
            node, stack, labels, depth = waiting.pop()
            while node:
                if following[node]:
                    waiting.append((following[node], stack, labels, depth))
                if node in awaits and labels is named:
                    labels += self._task(node)
                stack = locations[node] + stack
                found, below = values[node], first[node]
                if depth == DEPTH:
                    found, below = self._with_all_below(node), 0
                if found:
                    # Sample: 1 its locations, 2 its values, 3 its labels
                    body = f"\x0a{size[len(stack)]}{stack}\x12{found}{labels}"
                    yield f"\x12{size[len(body)]}{body}"
                depth += 1
                node = below

    def _task(self, node: int) -> str:
        name = self.tree.task_names.get(self.tree.code[node])
        return text(self.strings.label("task", name or self.tree.ref(node).qualname))

    def _with_all_below(self, node: int) -> str:
        """The values of a node and all below it, where no deeper stack is written."""
        nodes = list(self.tree.walk(node))
        sums = ([sum(column[at] for at in nodes)] for column in self.columns)
        return next(_values(*sums))


def _values(*columns: Sequence[int]) -> Iterator[str]:
    """Write the values of each node, with their length; nothing where all are 0."""
    small, low = pairs()

    def written(value: int) -> str:
        if value < PAIRS:
            return small[value]
        if value < PAIRS * PAIRS:
            return low[value & PAIRS - 1] + small[value >> 14]
        return text(varint(value))

    for calls, cpu, wall in zip(*columns, strict=True):
        time = written(cpu)
        found = written(calls) + time + (time if wall is cpu else written(wall))
        yield f"{small[len(found)]}{found}" if calls or cpu or wall else ""


REPORT = Pprof()
