"""What `asend` returns comes to an `await` without a StopIteration."""

from watching import told


async def generator():
    yield 1


async def asking(made):
    return await made.asend(None)


def function():
    try:
        asking(generator()).send(None)
    except StopIteration:
        pass


raised = [name for _, name, _, error in told(["RAISE"], function)]
assert "asking" not in raised
