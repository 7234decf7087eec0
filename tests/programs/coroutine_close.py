"""close() of a coroutine that waits: its finally blocks run, and may not await."""

from __future__ import annotations

import types

log = []


@types.coroutine
def pause():
    try:
        yield
    finally:
        log.append("pause")


async def inner():
    try:
        await pause()
    finally:
        log.append("inner")


async def outer():
    try:
        await inner()
    except GeneratorExit:
        log.append("outer")
        raise


async def stubborn():
    try:
        await pause()
    finally:
        await pause()


def main():
    log.clear()
    coroutine = outer()
    coroutine.send(None)
    coroutine.close()
    waits = stubborn()
    waits.send(None)
    try:
        waits.close()
    except RuntimeError as error:
        log.append(str(error))
    waits.close()
    return list(log)
