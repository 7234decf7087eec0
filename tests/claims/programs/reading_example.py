"""The names of the example: locals, cells, free variables, closure."""


def outer(x):
    y = x + 1

    def inner(z):
        return x + y + z

    return inner


fn = outer(10)
assert outer.__code__.co_varnames == ("x", "inner")
assert outer.__code__.co_cellvars == ("x", "y")
assert fn.__code__.co_varnames == ("z",)
assert fn.__code__.co_freevars == ("x", "y")
assert [cell.cell_contents for cell in fn.__closure__] == [10, 11]
