"""`throw()` of an `asend()` that has not begun checks that no other one is running."""

import types


@types.coroutine
def pause():
    yield


async def generator():
    await pause()
    yield


made = generator()
first = made.asend(None)
first.send(None)
second = made.asend(None)
try:
    second.throw(ValueError)
except RuntimeError:
    refused = True
except ValueError:
    refused = False
assert refused
