"""locals() in functions, classes, comprehensions, lambdas, generators and exec."""

from __future__ import annotations

top = locals() is globals()


def function(a):
    b = a + 1
    before = dict(locals())
    c = [dict(locals()) for z in (1,)]
    return before, sorted(c[0]), sorted(locals())


def closed(x):
    def inner(y):
        return x and locals()

    return inner(2)


def generated(a):
    yield dict(locals())
    b = 1
    yield dict(locals())
    del b


class Body:
    first = 1
    names = [k for k in locals() if k[0] != "_"]


def main():
    separate = {}
    exec("x = 1\nseen = sorted(locals())", {}, separate)
    return (
        top,
        function(1),
        closed(1),
        list(generated(1)),
        Body.names,
        (lambda a, *b: locals())(1, 2),
        separate,
        sorted(eval("locals()")),
    )
