"""Without `exc = None` in the handler, what the exception keeps outlives it."""

import weakref


class Big:
    pass


def load_big():
    data = Big()
    refs.append(weakref.ref(data))
    raise RuntimeError("failed")


refs = []
try:
    load_big()
except RuntimeError as exc:
    assert exc.args == ("failed",)
assert refs[0]() is not None
