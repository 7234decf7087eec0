"""An `__await__` that returns no iterator is named with its class."""


class Odd:
    def __await__(self):
        return 1


async def coroutine():
    await Odd()


try:
    coroutine().send(None)
except TypeError as error:
    said = str(error)
assert said.startswith("Odd.__await__() must return"), said
