"""While one coroutine waits, others run: gather() of two."""

import asyncio


async def fetch(url):
    log.append(f"fetching {url}")
    await asyncio.sleep(0)
    log.append(f"got {url}")
    return url


async def main():
    return await asyncio.gather(fetch("users"), fetch("posts"))


log = []
assert asyncio.run(main()) == ["users", "posts"]
assert log == ["fetching users", "fetching posts", "got users", "got posts"]
