"""RAISE is at the last inline cache of the instruction that raised."""

import dis

from watching import told


def function(zero=0):
    try:
        1 + zero.missing
    except AttributeError:
        pass


found = list(dis.get_instructions(function))
at = next(n for n, each in enumerate(found) if each.opname == "LOAD_ATTR")
[(_, _, where, _)] = told(["RAISE"], function)
assert where == found[at + 1].offset - 2
