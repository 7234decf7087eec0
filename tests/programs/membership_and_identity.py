"""in, not in, is, is not: in conditions, of constants, by __iter__."""

from __future__ import annotations


class Iterates:
    def __iter__(self):
        log.append("iter")
        yield 1
        log.append("second")
        yield float("nan")


log = []
NAN = float("nan")


def conditions(x):
    seen = []
    if x in (1, 2):
        seen.append("in")
    if x not in {1, 2}:
        seen.append("not in")
    if x is True:
        seen.append("is True")
    if x is not ...:
        seen.append("is not ...")
    while x not in [3]:  # noqa: FURB171
        x = 3
    return seen, x


def main():
    log.clear()
    it = Iterates()
    seen = [1 in it, 2 in it, NAN in [0, NAN], NAN == NAN, "b" in "abc", "" in "abc"]
    try:
        seen.append(1 in "abc")
    except TypeError as error:
        seen.append(str(error)[:20])
    try:
        seen.append(1 in 5)
    except TypeError as error:
        seen.append(str(error)[:20])
    return seen, [conditions(x) for x in (1, 3, True)], list(log)
