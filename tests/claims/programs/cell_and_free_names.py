"""co_cellvars has what inner functions use, co_freevars what comes from outside."""


def outer():
    x = 1

    def inner():
        return x

    return inner


assert outer.__code__.co_cellvars == ("x",)
assert outer.__code__.co_freevars == ()
assert outer().__code__.co_freevars == ("x",)
assert outer().__code__.co_cellvars == ()
