"""async with: swallowed, passed on, left by return, and no manager at all."""

from __future__ import annotations

import types

log = []


@types.coroutine
def pause():
    yield


class Manager:
    def __init__(self, swallow):
        self.swallow = swallow

    async def __aenter__(self):
        await pause()
        return self

    async def __aexit__(self, kind, error, traceback):
        await pause()
        log.append(kind and kind.__name__)
        return self.swallow


async def attempt(manager, error):
    try:
        async with manager as entered:
            if error:
                raise error
            return entered is manager
    except (ValueError, TypeError, AttributeError) as error:
        return type(error).__name__
    return "swallowed"


def run(coroutine):
    try:
        while True:
            coroutine.send(None)
    except StopIteration as stop:
        return stop.value


def main():
    log.clear()
    seen = [
        run(attempt(Manager(True), None)),
        run(attempt(Manager(True), ValueError())),
        run(attempt(Manager(False), ValueError())),
        run(attempt(open, None)),
    ]
    return seen, list(log)
