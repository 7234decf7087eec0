"""`close()` of an `asend()` raises GeneratorExit in the generator."""

import types

log = []


@types.coroutine
def pause():
    yield


async def generator():
    try:
        await pause()
        yield
    except GeneratorExit:
        log.append("exit")
        raise


made = generator()
step = made.asend(None)
step.send(None)
step.close()
assert log == ["exit"]
