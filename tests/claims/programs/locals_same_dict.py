"""locals() gives the same dict each time in one call of a function."""


def f():
    return locals() is locals()


assert f()
