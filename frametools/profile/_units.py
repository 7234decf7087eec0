"""Numbers as people read them: times, counts, sizes."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from frametools.calltree import CallTree

_STEPS = ((1_000_000_000, "s"), (1_000_000, "ms"), (1_000, "us"))


class Unit:
    """One unit of time for a whole column, so that magnitudes line up."""

    __slots__ = ("decimals", "name", "nanoseconds")

    def __init__(self, name: str, nanoseconds: int, decimals: int) -> None:
        self.name = name
        self.nanoseconds = nanoseconds
        self.decimals = decimals

    @classmethod
    def of(cls, tree: CallTree) -> Unit:
        """Choose the unit for a tree: the same in each section of a report."""
        wall = tree.wall
        called = (tree.children(thread.root) for thread in tree.threads)
        walls = (sum(wall[node] for node in nodes) for nodes in called)
        return cls.fitting(max(walls, default=0))

    @classmethod
    def fitting(cls, largest: float) -> Unit:
        """Choose the unit in which the largest time (ns) has 3 to 7 digits."""
        if largest < 10_000_000:
            return cls("us", 1_000, 1)
        if largest < 10_000_000_000:
            return cls("ms", 1_000_000, 2)
        return cls("s", 1_000_000_000, 3)

    def format(self, time: float) -> str:
        """Write a time (ns) without the unit's name; `-` for none at all."""
        if not time:
            return "-"
        return f"{time / self.nanoseconds:.{self.decimals}f}"


def duration(time: float) -> str:
    """Write a time (ns) alone, with three digits and its unit."""
    for nanoseconds, name in _STEPS:
        if time >= nanoseconds:
            return f"{_three_digits(time / nanoseconds)} {name}"
    return f"{time:.0f} ns"


def _three_digits(value: float) -> str:
    if value >= 99.95:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 9.995 else f"{value:.2f}"


def count(number: int) -> str:
    """Write an exact count with its thousands set apart."""
    return f"{number:,}"


def size(number: float) -> str:
    """Write a number of bytes in KiB, MiB or GiB."""
    for power, name in ((30, "GiB"), (20, "MiB")):
        if number >= 1 << power:
            return f"{number / (1 << power):.1f} {name}"
    return f"{number / 1024:.0f} KiB"


def signed_size(change: float) -> str:
    """Write a change in bytes, with its sign; `-` for none that can be seen."""
    if abs(change) < 512:
        return "-"
    return ("-" if change < 0 else "+") + size(abs(change))


def plural(number: int, noun: str, several: str = "") -> str:
    """Write a count with its noun: `1 thread`, `2 threads`."""
    return f"{number:,} {noun if number == 1 else several or f'{noun}s'}"
