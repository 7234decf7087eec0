"""Threads: three workers cut data into blocks, drop the doubles and compress the rest.

    frametools profile --c-calls examples/pack.py

Worth a look in the report: each thread has a tree of its own; `cuts` is Python and
burns CPU, `compress` is C and lets the others run; a worker that waits for the queue
is blocked, and that is wall time without CPU.
"""

from __future__ import annotations

import hashlib
import queue
import random
import threading
import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

WORKERS = 3
MASK = 0x3FF  # a block ends where the rolling hash has these bits clear: 1 KiB or so


def document(seed: int) -> bytes:
    """Make 64 KiB that are like, but not the same as, other documents."""
    rng = random.Random(seed % 3)
    text = b" ".join(b"%d" % rng.randrange(10_000) for _ in range(13_000))
    return b"document %d\n" % seed + text[:65_536]


def cuts(data: bytes) -> Iterator[bytes]:
    """Yield blocks whose borders depend on what is in them, not on where."""
    start = rolling = 0
    for position, byte in enumerate(data):
        rolling = (rolling << 1 ^ byte * 0x9E3779B1) & 0xFFFF_FFFF
        if not rolling >> 8 & MASK:
            yield data[start : position + 1]
            start = position + 1
    yield data[start:]


class Store:
    """Blocks by their hash, compressed, each kept once."""

    def __init__(self) -> None:
        self.blocks: dict[bytes, bytes] = {}
        self.size = 0
        self.lock = threading.Lock()

    def put(self, block: bytes) -> None:
        """Keep a block unless it is there."""
        key = hashlib.sha256(block).digest()
        with self.lock:
            self.size += len(block)
            if key in self.blocks:
                return
            self.blocks[key] = b""
        self.blocks[key] = zlib.compress(block, 9)


def work(todo: queue.SimpleQueue[int | None], store: Store) -> None:
    """Pack documents until there is no more."""
    while (seed := todo.get()) is not None:
        for block in cuts(document(seed)):
            store.put(block)


def main() -> None:
    """Pack twelve documents."""
    todo: queue.SimpleQueue[int | None] = queue.SimpleQueue()
    store = Store()
    workers = [
        threading.Thread(target=work, args=(todo, store)) for _ in range(WORKERS)
    ]
    for worker in workers:
        worker.start()
    for seed in range(12):
        todo.put(seed)
    for _ in workers:
        todo.put(None)
    for worker in workers:
        worker.join()
    packed = sum(map(len, store.blocks.values()))
    print(f"{store.size:,} bytes in {len(store.blocks)} blocks of {packed:,} bytes")


if __name__ == "__main__":
    main()
