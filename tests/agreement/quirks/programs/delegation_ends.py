"""The StopIteration that ends a `yield from` or `await` has no RAISE there."""

from watching import told


class Iterator:
    def __iter__(self):
        return self

    def __next__(self):
        raise StopIteration("value")


async def generator():
    yield 1


def delegating():
    return (yield from Iterator())


async def asking(made):
    return await made.asend(None)


def function():
    for made in delegating(), asking(generator()):
        try:
            made.send(None)
        except StopIteration:
            pass


raised = [name for _, name, _, error in told(["RAISE"], function)]
assert "__next__" in raised
assert "delegating" not in raised
assert "asking" not in raised
