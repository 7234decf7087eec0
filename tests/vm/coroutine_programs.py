"""Small programs with coroutines: each returns what it saw."""

import asyncio
import contextlib
import sys
import types
import warnings


def fails(function, *args):
    """Return the type and text of what a call raises, or its result."""
    try:
        return function(*args)
    except BaseException as error:
        return type(error).__name__, str(error), repr(error.__cause__)


def run(coro):
    """Run a coroutine that awaits nothing."""
    try:
        coro.send(None)
    except StopIteration as stop:
        return stop.value
    return "suspended"


@types.coroutine
def pause(value=None):
    return (yield value)


async def add(a, b):
    return a + b


def awaits():
    async def outer():
        return await add(1, 2) + await add(3, 4)

    return run(outer())


def sends():
    async def outer():
        first = await pause("a")
        return first, await pause("b")

    coro = outer()
    found = [coro.send(None), coro.cr_await.__name__, coro.cr_suspended, coro.send(1)]
    return found, fails(coro.send, 2), coro.cr_frame, fails(coro.send, None)


def misuse():
    class Bad:
        def __await__(self):
            return 5

    class Worse:
        def __await__(self):
            return add(1, 1)

    async def of(thing):
        return await thing

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        started = pause()
        return [
            fails(of(5).send, None),
            fails(of(Bad()).send, None),
            fails(of(Worse()).send, None),
            fails(add(1, 1).send, 1),
            fails(iter, add(1, 1)),
            fails(of(started).send, None),
        ]


def awaited_twice():
    async def inner():
        await pause()

    async def outer():
        await shared

    shared = inner()
    first, second = outer(), outer()
    first.send(None)
    found = fails(second.send, None)
    first.close()
    return found, fails(shared.send, None), shared.close()


def unawaited():
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        add(1, 2)
    return [(str(w.message), w.category.__name__, w.lineno > 0) for w in caught]


def origin():
    before = sys.get_coroutine_origin_tracking_depth()
    sys.set_coroutine_origin_tracking_depth(2)
    try:
        coro = add(1, 2)
    finally:
        sys.set_coroutine_origin_tracking_depth(before)
    found = [entry[2] for entry in coro.cr_origin][:1]
    coro.close()
    return found


def wrapper():
    coro = add(1, 2)
    awaiting = coro.__await__()
    return type(awaiting).__name__, iter(awaiting) is awaiting, fails(next, awaiting)


def throws():
    async def catches():
        try:
            await pause()
        except ValueError as error:
            return await pause(str(error))

    coro = catches()
    coro.send(None)
    return coro.throw(ValueError("v")), fails(coro.send, 3), fails(coro.throw, KeyError)


def closes():
    log = []

    async def cleans():
        try:
            await pause()
        finally:
            log.append("finally")

    coro = cleans()
    coro.send(None)
    return coro.close(), log, coro.close(), fails(coro.throw, KeyError)


def with_statement():
    log = []

    class Manager:
        async def __aenter__(self):
            log.append("enter")
            return self

        async def __aexit__(self, *exc):
            log.append(exc[0])
            return True

    class NotAwaitable:
        def __aenter__(self):
            return 5

        __aexit__ = __aenter__

    async def uses():
        async with Manager():
            raise KeyError
        async with NotAwaitable():
            pass

    return fails(uses().send, None), log


def stop_iteration():
    async def stops():
        raise StopIteration

    return fails(stops().send, None)


def in_asyncio():
    async def worker(n):
        await asyncio.sleep(0)
        return n

    async def main():
        task = asyncio.create_task(worker(1))
        many = await asyncio.gather(*(worker(i) for i in range(3)))
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(asyncio.sleep(1), 0.001)
        return await task, many, asyncio.iscoroutine(worker) is False

    return asyncio.run(main())


def cancelled():
    async def waits():
        try:
            await asyncio.sleep(10)
        except asyncio.CancelledError:
            return "cancelled"

    async def main():
        task = asyncio.create_task(waits())
        await asyncio.sleep(0)
        task.cancel()
        return await task

    return asyncio.run(main())


def attributes():
    coro = add(1, 2)
    found = [
        sorted(name for name in dir(coro) if not name.startswith("__")),
        repr(coro).split(" at ")[0],
        isinstance(coro, types.CoroutineType),
        type(coro) is types.CoroutineType,
        coro.cr_running,
        coro.cr_await,
        coro.cr_origin,
        coro.cr_code.co_name,
        fails(setattr, coro, "cr_frame", 1),
    ]
    coro.close()
    return found
