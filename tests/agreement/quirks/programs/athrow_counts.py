"""`athrow()` checks how many arguments it has, not what it returned."""

import warnings


async def generator():
    yield


warnings.simplefilter("ignore")
try:
    generator().athrow()
except TypeError:
    at_once = True
else:
    at_once = False
assert at_once
