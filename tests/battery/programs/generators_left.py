"""Generators and coroutines that never end, closed at the very end."""


def generator():
    try:
        yield 1
    finally:
        print("closed", __name__)


async def coroutine():
    pass


started = generator()
print(next(started))
never_awaited = coroutine()
