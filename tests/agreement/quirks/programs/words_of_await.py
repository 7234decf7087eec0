"""`await 1` says "can't be awaited"."""


async def coroutine():
    await 1


try:
    coroutine().send(None)
except TypeError as error:
    said = str(error)
assert said == "'int' object can't be awaited", said
