"""The example: what is printed between yields, and StopIteration at the end."""


def my_gen():
    printed.append("before yield 1")
    yield 1
    printed.append("before yield 2")
    yield 2
    printed.append("after last yield")


printed = []
g = my_gen()
assert printed == []
assert (next(g), printed) == (1, ["before yield 1"])
assert (next(g), printed[1:]) == (2, ["before yield 2"])
try:
    next(g)
except StopIteration:
    printed.append("stop")
assert printed[2:] == ["after last yield", "stop"]
