"""BRANCH_LEFT tells of a branch that did not jump."""

import sys

from watching import told


def function(flag=True):
    if flag:
        return 1
    return 2


has_sides = hasattr(sys.monitoring.events, "BRANCH_LEFT")
events = ["BRANCH_LEFT", "BRANCH_RIGHT"] if has_sides else ["BRANCH"]
names = [name for name, *_ in told(events, function)]
assert names == ["BRANCH_LEFT"], names
