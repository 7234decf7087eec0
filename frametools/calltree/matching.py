"""Which functions became which others, where code has changed between two trees.

    f       app.py:10      ->  app.py:14                moved down
    f       /old/app.py    ->  /new/app.py              another directory
    f, g    shop/cart.py   ->  shop/basket.py           the file was renamed
    f       shop/cart.py   ->  shop/prices.py           the function was moved

Each rule takes what those before it left, the surest first; what none takes is new or
gone. A function that got another name is not looked for: that would be guessing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import takewhile
from os.path import basename, dirname
from typing import TYPE_CHECKING

from frametools._paths import short_path

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from frametools.events import CodeRef

    Codes = list[CodeRef]
    Key = tuple[object, ...]


def match(
    old: Iterable[CodeRef], new: Iterable[CodeRef], homes: tuple[str, str] = ("", "")
) -> dict[CodeRef, CodeRef]:
    """Find for old functions the new ones that they became; O(functions).

    Paths below `homes`, the working directories, and below the folders of packages
    are compared by what follows. What is not among the keys is gone; a new one that
    is not among the values is new.
    """
    matching = _Matching(old, new, homes)
    matching.by(lambda code, _: (code.kind, code.qualname, code.filename))
    matching.by(
        lambda code, side: (code.kind, code.qualname, matching.path(code, side))
    )
    pairs = _renamed_files(matching)
    twins = pairs, {other: other for other in pairs.values()}

    def in_twin(code: CodeRef, side: int) -> Key | None:
        file = twins[side].get(matching.path(code, side))
        return None if file is None else (code.kind, code.qualname, file)

    matching.by(in_twin)
    matching.found.update(_moved(matching))
    return matching.found


class _Matching:
    """What was found, and what is left on both sides."""

    def __init__(
        self, old: Iterable[CodeRef], new: Iterable[CodeRef], homes: tuple[str, str]
    ) -> None:
        self.left = list(dict.fromkeys(old)), list(dict.fromkeys(new))
        self.found: dict[CodeRef, CodeRef] = {}
        self._homes = homes
        self._paths: tuple[dict[str, str], dict[str, str]] = {}, {}
        files = [
            {self.path(code, side) for code in codes}
            for side, codes in enumerate(self.left)
        ]
        self.gone, self.new = files[0] - files[1], files[1] - files[0]
        """Files that only one side has."""

    def path(self, code: CodeRef, side: int) -> str:
        """Give the path of a function's file, without what is of its machine."""
        paths, name = self._paths[side], code.filename
        if name not in paths:
            paths[name] = short_path(name, self._homes[side])
        return paths[name]

    def by(self, key: Callable[[CodeRef, int], Key | None]) -> None:
        """Match what has the same key; None takes part in nothing."""
        groups: dict[Key, tuple[Codes, Codes]] = defaultdict(lambda: ([], []))
        for side, codes in enumerate(self.left):
            for code in codes:
                name = key(code, side)
                if name is not None:
                    groups[name][side].append(code)
        for ones, others in groups.values():
            self.found.update(_in_order(ones, others))
        taken = set(self.found.values())
        old, new = self.left
        self.left = (
            [code for code in old if code not in self.found],
            [code for code in new if code not in taken],
        )


def _in_order(ones: Codes, others: Codes) -> dict[CodeRef, CodeRef]:
    """Pair functions of one name: redefinitions, lambdas, comprehensions.

    As many on both sides stand in the order they had; else those that have not moved
    are the same, and the others follow in their order.
    """
    pairs: dict[CodeRef, CodeRef] = {}
    if len(ones) != len(others):
        lines = {code.firstlineno: code for code in others}
        for code in ones:
            if code.firstlineno in lines:
                pairs[code] = lines.pop(code.firstlineno)
    taken = set(pairs.values())
    ones = sorted((code for code in ones if code not in pairs), key=_line)
    others = sorted((code for code in others if code not in taken), key=_line)
    return pairs | dict(zip(ones, others, strict=False))


def _line(code: CodeRef) -> int:
    return code.firstlineno


def _is_named(code: CodeRef) -> bool:
    """True for a name that tells a function: not <module>, f.<locals>.<lambda>."""
    return bool(code.filename) and not code.qualname.endswith(">")


def _renamed_files(matching: _Matching) -> dict[str, str]:
    """Pair the files that have the most names in common, each file once.

    They share at least half of the names that one of them has left, and two: one will
    do where a file is gone, and the only one with that name is new, and near.
    """
    names = [_names_by_file(matching, side) for side in (0, 1)]
    where: dict[str, list[str]] = defaultdict(list)
    for file, found in names[1].items():
        for name in found:
            where[name].append(file)
    shared: dict[tuple[str, str], int] = defaultdict(int)
    for file, found in names[0].items():
        for name in found:
            for other in where[name]:
                shared[file, other] += 1
    ranked = sorted((-count, -_likeness(*pair), pair) for pair, count in shared.items())
    rivals = Counter(one for one, _ in shared)
    pairs: dict[str, str] = {}
    taken: set[str] = set()
    for count, _, (one, other) in ranked:
        is_sure = one in matching.gone and other in matching.new and rivals[one] == 1
        few = 1 if is_sure and _are_near(one, other) else 2
        least = max(few, min(len(names[0][one]), len(names[1][other])) / 2)
        if -count >= least and one not in pairs and other not in taken:
            pairs[one] = other
            taken.add(other)
    return pairs


def _names_by_file(matching: _Matching, side: int) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for code in matching.left[side]:
        if _is_named(code):
            found[matching.path(code, side)].add(code.qualname)
    return found


def _likeness(one: str, other: str) -> int:
    """Count the parts that two paths have in common, from both ends."""
    parts, others = one.split("/"), other.split("/")
    front = takewhile(_is_same, zip(parts, others, strict=False))
    back = takewhile(_is_same, zip(parts[::-1], others[::-1], strict=False))
    return sum(1 for _ in front) + sum(1 for _ in back)


def _is_same(pair: tuple[str, str]) -> bool:
    return pair[0] == pair[1]


def _moved(matching: _Matching) -> dict[CodeRef, CodeRef]:
    """Pair functions whose name is left once on each side, in files that are near."""
    names: tuple[dict[str, Codes], dict[str, Codes]] = (
        defaultdict(list),
        defaultdict(list),
    )
    for side in (0, 1):
        for code in filter(_is_named, matching.left[side]):
            names[side][code.qualname].append(code)
    pairs = {}
    for name, ones in names[0].items():
        others = names[1].get(name, [])
        if len(ones) == len(others) == 1:
            paths = matching.path(ones[0], 0), matching.path(others[0], 1)
            if _are_near(*paths):
                pairs[ones[0]] = others[0]
    return pairs


def _are_near(one: str, other: str) -> bool:
    """True for files of one folder or package, and for those of one name."""
    top, other_top = one.partition("/")[0], other.partition("/")[0]
    is_package = "/" in one and "/" in other and top == other_top != ""
    is_same = basename(one) == basename(other) or dirname(one) == dirname(other)
    return is_package or is_same
