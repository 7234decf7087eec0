"""A suspended coroutine takes less than 1 KB, where a thread has a stack."""

import sys


class Pause:
    def __await__(self):
        yield


async def wait(n):
    await Pause()
    return n


coroutine = wait(1)
coroutine.send(None)
assert sys.getsizeof(coroutine) < 1024
coroutine.close()
