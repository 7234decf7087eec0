"""The function and its inner function share the cell: both see what either binds."""


def outer():
    x = 10

    def inner():
        nonlocal x
        x += 1
        return x

    inner()
    return x, inner


x, inner = outer()
assert x == 11
assert inner() == 12
