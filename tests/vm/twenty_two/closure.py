"""Closures: cells that are shared, rebound, deleted."""


def counter(start):
    count = start

    def up(by=1):
        nonlocal count
        count += by
        return count

    def show():
        return f"count={count}"

    return up, show


up, show = counter(10)
up()
up(5)
print(show(), up.__closure__[0].cell_contents, up.__code__.co_freevars)
print([f(2) for f in [lambda x, n=n: x**n for n in range(5)]])
print([f() for f in [lambda: n for n in range(3)]])


def gone():
    value = 1

    def read():
        return value

    del value
    return read


try:
    gone()()
except NameError as error:
    print(error)
