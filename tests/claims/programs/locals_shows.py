"""locals() shows the arguments and what has been assigned by then."""


def f(a):
    before = sorted(locals())
    b = a + 1
    return before, {k: v for k, v in locals().items() if k != "before"}


assert f(10) == (["a"], {"a": 10, "b": 11})
