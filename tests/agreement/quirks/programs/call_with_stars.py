"""CALL is told of `f(*args)` where `f` is a Python function."""

from watching import told


def called(*args):
    pass


def function(args=()):
    called(*args)


assert [shown for *_, shown, _ in told(["CALL"], function)] == [called]
