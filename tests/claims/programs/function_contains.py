"""A function has code, globals, defaults, closure, annotations and names."""


def outer():
    free = 1

    def f(a: int, b=2, *, k=3):
        return a, b, k, free

    return f


f = outer()
assert f.__code__.co_name == "f"
assert f.__globals__ is globals()
assert f.__defaults__ == (2,)
assert f.__kwdefaults__ == {"k": 3}
assert f.__closure__[0].cell_contents == 1
assert f.__annotations__ == {"a": int}
assert f.__qualname__ == "outer.<locals>.f"
assert f.__module__ == "__main__"
