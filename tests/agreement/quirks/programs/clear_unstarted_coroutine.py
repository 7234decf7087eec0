"""frame.clear() ends a coroutine that has not begun."""

import warnings


async def coroutine():
    pass


made = coroutine()
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    made.cr_frame.clear()
try:
    made.send(None)
    has_run = True
except StopIteration:
    has_run = True
except RuntimeError:
    has_run = False
assert not has_run
