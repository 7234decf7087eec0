"""An event loop runs a coroutine by send(): nothing else is needed."""


class Pause:
    def __await__(self):
        yield


async def worker(name, n):
    for i in range(n):
        log.append((name, i))
        await Pause()


log = []
ready = [worker("a", 2), worker("b", 1)]
while ready:
    task = ready.pop(0)
    try:
        task.send(None)
    except StopIteration:
        continue
    ready.append(task)
assert log == [("a", 0), ("b", 0), ("a", 1)]
