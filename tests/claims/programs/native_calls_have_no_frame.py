"""A C function in between, as `map`, has no frame in f_back nor in a traceback."""

import sys


def callee(_):
    names.append(sys._getframe(1).f_code.co_name)
    raise KeyError


def caller():
    list(map(callee, [1]))


names, entries = [], []
try:
    caller()
except KeyError as error:
    entry = error.__traceback__
while entry is not None:
    entries.append(entry.tb_frame.f_code.co_name)
    entry = entry.tb_next
assert names == ["caller"]
assert entries == ["<module>", "caller", "callee"]
