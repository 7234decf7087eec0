"""frame.clear() releases the locals of a frame that is over; a running one refuses."""

import sys
import weakref


class Big:
    pass


def f():
    big = Big()
    return sys._getframe(), weakref.ref(big)


frame, alive = f()
assert alive() is not None
frame.clear()
assert alive() is None
try:
    sys._getframe().clear()
except RuntimeError as error:
    assert str(error) == "cannot clear an executing frame"
