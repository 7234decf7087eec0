"""locals() gives a new dict each time in a function: PEP 667."""


def f():
    x = 1
    first = locals()
    second = locals()
    return x, first is second, "second" in first


assert f() == (1, False, False)
