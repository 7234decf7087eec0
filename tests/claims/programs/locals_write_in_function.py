"""What is written into locals() does not change a function's variable."""


def f():
    x = 1
    locals()["x"] = 2
    return x


assert f() == 1
