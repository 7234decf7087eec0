"""An `asend()` that is dropped unawaited warns."""

import warnings


async def generator():
    yield


made = generator()
with warnings.catch_warnings(record=True) as found:
    warnings.simplefilter("always")
    step = made.asend(None)
    del step
assert [each.category for each in found] == [RuntimeWarning]
