"""with: several, swallowed, nested, contextmanager, ExitStack."""

from contextlib import ExitStack, contextmanager, suppress


class Manager:
    def __init__(self, name, swallow=False):
        self.name, self.swallow = name, swallow

    def __enter__(self):
        print("enter", self.name)
        return self

    def __exit__(self, kind, value, tb):
        print("exit", self.name, kind and kind.__name__, tb and tb.tb_lineno)
        return self.swallow


@contextmanager
def managed(name):
    print("begin", name)
    try:
        yield name.upper()
    except ValueError as error:
        print("saw", error)
        raise KeyError("changed") from error
    finally:
        print("end", name)


with Manager("a") as a, Manager("b", True):
    raise IndexError("i")
with suppress(KeyError), managed("c") as name:
    print(name)
    raise ValueError("v")


def returns():
    with Manager("d"):
        for n in range(3):
            with Manager(n):
                if n == 1:
                    return n


print(returns())
with ExitStack() as stack:
    for name in "xyz":
        stack.enter_context(managed(name))
