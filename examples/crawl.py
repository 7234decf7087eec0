"""Asyncio: five workers follow the links of a small, slow site that lives in memory.

    frametools profile --exceptions examples/crawl.py

Worth a look in the report: `fetch` has next to no CPU and nearly all the await time,
`links` the other way round; with `--exceptions`, the dead links and where they ended.
"""

from __future__ import annotations

import asyncio
import re

LINK = re.compile(r'href="([^"]+)"')
PAGES = 60


class DeadLinkError(LookupError):
    """The site has no such page."""


def page(number: int) -> str:
    """Write page N: it links to 2N, 2N + 1, and a few that may not be there."""
    targets = (2 * number, 2 * number + 1, number + 7, 3 * number)
    body = "<p>All work and no play.</p>\n" * 2000
    return body + "".join(f'<a href="/{target}">{target}</a>\n' for target in targets)


async def fetch(path: str) -> str:
    """Wait as long as a server would, then answer as it would."""
    number = int(path.removeprefix("/"))
    await asyncio.sleep(0.002 + number % 5 / 1000)
    if not 1 <= number <= PAGES:
        raise DeadLinkError(path)
    return page(number)


def links(text: str) -> list[str]:
    """Find the links of a page."""
    return [match[1] for line in text.splitlines() for match in LINK.finditer(line)]


class Crawl:
    """What is known of a site: its pages, and the links that lead nowhere."""

    def __init__(self) -> None:
        self.todo: asyncio.Queue[str] = asyncio.Queue()
        self.seen: set[str] = set()
        self.dead: list[str] = []

    def add(self, path: str) -> None:
        """Put a page on the list, once."""
        if path not in self.seen:
            self.seen.add(path)
            self.todo.put_nowait(path)

    async def visit(self, path: str) -> None:
        """Fetch a page and list its links."""
        try:
            text = await fetch(path)
        except DeadLinkError:
            self.dead.append(path)
            return
        for link in links(text):
            self.add(link)

    async def work(self) -> None:
        """Visit pages until cancelled."""
        while True:
            path = await self.todo.get()
            await self.visit(path)
            self.todo.task_done()


async def main() -> None:
    """Crawl the site with five workers."""
    crawl = Crawl()
    crawl.add("/1")
    workers = [asyncio.create_task(crawl.work()) for _ in range(5)]
    await crawl.todo.join()
    for worker in workers:
        worker.cancel()
    await asyncio.gather(*workers, return_exceptions=True)
    print(f"{len(crawl.seen)} links, {len(crawl.dead)} of them dead")


if __name__ == "__main__":
    asyncio.run(main())
