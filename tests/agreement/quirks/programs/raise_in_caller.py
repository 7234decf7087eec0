"""RAISE in a caller is two bytes before its CALL."""

from watching import offsets, told


def callee():
    raise ValueError


def caller():
    callee()


places = [where for _, name, where, _ in told(["RAISE"], caller) if name == "caller"]
assert places == [offsets(caller, "CALL")[0] - 2]
