"""Decorators: functions, classes, with arguments, wraps, cached, singledispatch."""

import functools


def logged(text):
    def decorate(fn):
        @functools.wraps(fn)
        def wrapper(*args, **kwargs):
            print(text, fn.__name__, args, kwargs)
            return fn(*args, **kwargs)

        return wrapper

    return decorate


class Counted:
    def __init__(self, fn):
        self.fn, self.count = fn, 0
        functools.update_wrapper(self, fn)

    def __call__(self, *args):
        self.count += 1
        return self.fn(*args)


@logged("one")
@logged("two")
def add(a, b=1):
    """Adds."""
    return a + b


@Counted
def twice(x):
    return x * 2


@functools.lru_cache
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)


@functools.singledispatch
def show(it):
    return f"object {it}"


@show.register
def _(it: int):
    return f"int {it}"


@functools.total_ordering
class Version:
    def __init__(self, n):
        self.n = n

    def __eq__(self, other):
        return self.n == other.n

    def __lt__(self, other):
        return self.n < other.n

    @functools.cached_property
    def text(self):
        print("made once")
        return f"v{self.n}"


print(add(1), add(1, b=2), add.__name__, add.__doc__, add.__wrapped__.__name__)
print(twice(1), twice(2), twice.count, twice.__name__, fib(60), fib.cache_info())
print(show(1), show("s"), Version(1) >= Version(0), Version(2).text)
version = Version(3)
print(version.text, version.text)
