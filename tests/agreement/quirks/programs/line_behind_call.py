"""A jump's target right behind the CALL of a Python function begins its line anew."""

from watching import told


def called():
    return 1


def function(flag=True):
    found = [flag and called()]
    return found


line = function.__code__.co_firstlineno + 1
lines = [line for _, name, line in told(["LINE"], function) if name == "function"]
assert lines.count(line) == 2
