"""The frames of a generator and a coroutine are gi_frame and cr_frame."""


def generator():
    yield


async def coroutine():
    return 1


g, c = generator(), coroutine()
assert g.gi_frame.f_code is generator.__code__
assert c.cr_frame.f_code is coroutine.__code__
c.close()
assert c.cr_frame is None
