"""asyncio.run with tasks, a cancellation and an exception."""

import asyncio


async def count(n):
    for i in range(n):
        await asyncio.sleep(0)
        yield i


async def add(n):
    return sum([i async for i in count(n)])


async def main():
    print(await asyncio.gather(add(3), add(4)))
    task = asyncio.create_task(asyncio.sleep(3600))
    await asyncio.sleep(0)
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        print("cancelled")
    raise ValueError("out of main")


asyncio.run(main())
