"""`except ... as exc` deletes exc at its end: data that only it kept is gone."""

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
    assert refs[0]() is not None
    assert exc.args == ("failed",)
assert refs[0]() is None
assert "exc" not in globals()
