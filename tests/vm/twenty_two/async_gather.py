"""asyncio: gather, async comprehension, async with, async generator, timeout."""

import asyncio


async def ticks(n):
    try:
        for value in range(n):
            await asyncio.sleep(0)
            yield value
    finally:
        print("ticks end")


class Guard:
    async def __aenter__(self):
        await asyncio.sleep(0)
        return "guarded"

    async def __aexit__(self, kind, value, tb):
        print("left with", kind)
        return kind is KeyError


async def square(x):
    await asyncio.sleep(0.001 * (5 - x))
    return x * x


async def main():
    print(await asyncio.gather(*(square(x) for x in range(5))))
    print([x async for x in ticks(3) if x != 1], {x: await square(x) for x in (1, 2)})
    async with Guard() as got:
        print(got)
        raise KeyError
    async for value in ticks(9):
        if value:
            break
    try:
        async with asyncio.timeout(0.01):
            await asyncio.sleep(5)
    except TimeoutError:
        print("timed out")
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(square(x)) for x in (3, 4)]
    print([task.result() for task in tasks])
    return "done"


print(asyncio.run(main()))
