"""Named tuples with methods."""

from __future__ import annotations

from typing import NamedTuple


class Pair(NamedTuple):
    left: int
    right: int = 2

    def total(self):
        return self.left + self.right


def main():
    return Pair(1).total(), Pair(1)._replace(left=5).total(), Pair(*range(2)).total()
