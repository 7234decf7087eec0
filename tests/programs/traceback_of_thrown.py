"""Where a traceback says that an exception was thrown into a generator."""

from __future__ import annotations

kept = []


def bare():
    yield 1


def guarded():
    try:
        yield 1
    finally:
        kept.clear()


def delegating():
    yield from bare()


async def waiting():
    await Awaitable()


class Awaitable:
    def __await__(self):
        yield 1


def lastis(error):
    entry, found = error.__traceback__.tb_next, []
    while entry is not None:
        found.append((entry.tb_frame.f_code.co_name, entry.tb_lasti, entry.tb_lineno))
        entry = entry.tb_next
    return found


def thrown(generator, starts=True):
    if starts:
        generator.send(None)
    try:
        generator.throw(ValueError())
    except ValueError as error:
        return lastis(error)


def main():
    return [
        thrown(bare()),
        thrown(guarded()),
        thrown(bare(), starts=False),
        thrown(delegating()),
        thrown(waiting()),
    ]
