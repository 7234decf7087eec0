"""An async generator that returns as it is dropped: an ignored StopAsyncIteration."""

import sys

ignored = []
sys.unraisablehook = lambda told: ignored.append(type(told.exc_value))


async def numbers():
    try:
        yield 1
    except GeneratorExit:
        return


made = numbers()
try:
    made.__anext__().send(None)
except StopIteration:
    pass
del made
assert ignored == [StopAsyncIteration]
