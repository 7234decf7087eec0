"""exception -> traceback -> frame -> locals: a saved exception keeps them."""

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
    saved = exc
assert refs[0]() is not None
frame = saved.__traceback__.tb_next.tb_frame
assert frame.f_locals["data"] is refs[0]()
del frame, saved
assert refs[0]() is None
