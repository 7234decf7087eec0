"""Async context managers, entered in order and left by an exception."""

from __future__ import annotations

import types

log = []


@types.coroutine
def pause():
    yield


class Resource:
    def __init__(self, name):
        self.name = name

    async def __aenter__(self):
        await pause()
        log.append(f"+{self.name}")

    async def __aexit__(self, kind, error, traceback):
        await pause()
        log.append(f"-{self.name}")
        return kind is ValueError


async def use():
    async with Resource("a"), Resource("b"):
        raise ValueError("inside")


def main():
    log.clear()
    coroutine = use()
    try:
        while True:
            coroutine.send(None)
    except StopIteration:
        return list(log)
