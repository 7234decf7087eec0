"""Small programs with asynchronous generators: each returns what it saw."""

import asyncio
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


async def count(n):
    for i in range(n):
        got = yield i
        if got is not None:
            yield got


def iterates():
    async def main():
        return [x async for x in count(3)], {x: 1 async for x in count(2)}

    return run(main())


def sends():
    async def main():
        gen = count(3)
        return await gen.asend(None), await gen.asend("sent"), await anext(gen)

    return run(main())


def ends():
    async def main():
        gen = count(1)
        await anext(gen)
        found = [await anext(gen, "default")]
        try:
            await gen.asend(None)
        except StopAsyncIteration as error:
            found.append(repr(error))
        return found, gen.ag_frame

    return run(main())


def throws():
    async def catches():
        try:
            yield 1
        except KeyError:
            yield "caught"

    async def main():
        gen = catches()
        await anext(gen)
        found = [await gen.athrow(KeyError)]
        try:
            await gen.athrow(OSError("o"))
        except OSError as error:
            found.append(str(error))
        return found

    return run(main())


def closes():
    log = []

    async def cleans():
        try:
            yield 1
        finally:
            log.append("finally")

    async def main():
        gen = cleans()
        await anext(gen)
        return await gen.aclose(), await gen.aclose(), log, gen.ag_running

    return run(main())


def close_ignored():
    async def stubborn():
        try:
            yield 1
        except GeneratorExit:
            yield 2

    gen = stubborn()
    fails(gen.asend(None).send, None)
    return fails(gen.aclose().send, None), fails(gen.aclose().send, None)


def reused():
    gen = count(2)
    sent, closing = gen.asend(None), gen.aclose()
    found = [
        fails(sent.send, None),
        fails(sent.send, None),
        fails(sent.throw, KeyError),
    ]
    found += [
        fails(closing.send, 1),
        fails(closing.send, None),
        fails(closing.send, None),
    ]
    return found


def two_at_once():
    async def waits():
        await pause("waiting")
        yield 1

    gen = waits()
    first, second, third = gen.asend(None), gen.asend(None), gen.aclose()
    found = [first.send(None), gen.ag_running, fails(second.send, None)]
    found += [fails(third.send, None), fails(first.send, None), gen.ag_running]
    return found


def hooks():
    log = []
    before = sys.get_asyncgen_hooks()
    sys.set_asyncgen_hooks(
        firstiter=lambda gen: log.append(("first", gen.__name__)),
        finalizer=lambda gen: log.append(("final", gen.__name__)),
    )
    try:
        gen = count(2)
        fails(gen.asend(None).send, None)
        fails(gen.asend(None).send, None)
        del gen
    finally:
        sys.set_asyncgen_hooks(*before)
    return log


def stop_iteration():
    async def stops(error):
        yield 1
        raise error

    found = []
    for error in StopIteration, StopAsyncIteration:
        gen = stops(error)
        fails(gen.asend(None).send, None)
        found.append(fails(gen.asend(None).send, None))
    return found


def misuse():
    class NotIterator:
        def __aiter__(self):
            return 5

    class BadNext:
        def __aiter__(self):
            return self

        def __anext__(self):
            return 5

    async def over(thing):
        async for _ in thing:
            pass

    gen = count(1)
    return [
        fails(over(5).send, None),
        fails(over(NotIterator()).send, None),
        fails(over(BadNext()).send, None),
        fails(gen.asend),
        fails(setattr, gen, "ag_frame", 1),
    ]


def unawaited():
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        gen = count(1)
        gen.asend(None)
        gen.aclose()
        gen.athrow(KeyError)
    return [str(w.message) for w in caught]


def in_asyncio():
    async def ticks():
        for i in range(3):
            await asyncio.sleep(0)
            yield i

    async def main():
        async for value in ticks():
            if value:
                break
        return [x + y async for x in ticks() async for y in ticks()]

    return asyncio.run(main())


def attributes():
    gen = count(1)
    return [
        sorted(name for name in dir(gen) if not name.startswith("__")),
        repr(gen).split(" at ")[0],
        type(gen) is types.AsyncGeneratorType,
        gen.ag_running,
        gen.ag_await,
        type(gen.aclose()).__name__,
        type(gen.asend(1)).__name__,
    ]
