"""Many coroutines are suspended at once in one thread, each with its own frame."""


class Pause:
    def __await__(self):
        yield


async def wait(n):
    await Pause()
    return n


many = [wait(n) for n in range(1000)]
for coroutine in many:
    coroutine.send(None)
frames = [coroutine.cr_frame for coroutine in many]
assert len(set(map(id, frames))) == 1000
assert [frame.f_locals["n"] for frame in frames] == list(range(1000))
for coroutine in many:
    coroutine.close()
