"""The hooks of async generators: told at the first step and when one is dropped."""

from __future__ import annotations

import sys
import types

log = []


@types.coroutine
def pause():
    yield "paused"


async def numbers(n):
    try:
        yield n
        yield n + 1
    finally:
        await pause()
        log.append(f"finally {n}")


def first(agen):
    log.append(f"first {agen.ag_frame.f_locals['n']}")


def finalize(agen):
    log.append("finalize")
    closing = agen.aclose()
    log.append(closing.send(None))
    try:
        closing.send(None)
    except StopIteration:
        log.append("closed")


def step(agen):
    try:
        agen.asend(None).send(None)
    except StopIteration as stop:
        return stop.value


def main():
    log.clear()
    before = sys.get_asyncgen_hooks()
    sys.set_asyncgen_hooks(firstiter=first, finalizer=finalize)
    try:
        agen = numbers(1)
        log.append(step(agen))
        del agen
        never = numbers(5)
        del never
    finally:
        sys.set_asyncgen_hooks(*before)
    return list(log)
