"""Arguments: positional-only, keyword-only, defaults, * and **, errors."""


def f(a, /, b, c=3, *args, d, e=5, **kwargs):
    return a, b, c, args, d, e, kwargs


def g(*args, **kwargs):
    return args, kwargs


print(f(1, 2, d=4), f(1, b=2, d=4, a=9), f(*range(5), d=0, **{"x": 1, "e": 2}))
print(g(*[1], 2, *(3, 4), x=1, **{"y": 2}, **{}), g(**dict(self=1, func=2)))
for call in (
    lambda: f(), lambda: f(1, 2), lambda: f(1, 2, 3, c=3, d=1), lambda: f(b=1, d=2),
    lambda: g(*1), lambda: g(**1), lambda: g(**{1: 2}), lambda: g(x=1, **{"x": 2}),
    lambda: (lambda x: x)(1, 2), lambda: (lambda *, k: k)(), lambda: (lambda x: x)(y=1),
):  # fmt: skip
    try:
        print(call())
    except TypeError as error:
        print(error)
f.__defaults__ = (30,)
f.__kwdefaults__ = {"d": 40, "e": 5}
print(f(1, 2), print.__call__("x", end="!\n"))
