"""At await a coroutine is suspended with locals and position, and shows the awaited."""

import inspect


class Read:
    def __await__(self):
        self.given = yield "waiting"
        return self.given


async def fetch():
    url = "u"
    data = await Read()
    return url, data


c = fetch()
assert inspect.getcoroutinestate(c) == "CORO_CREATED"
assert c.send(None) == "waiting"
assert inspect.getcoroutinestate(c) == "CORO_SUSPENDED"
assert c.cr_frame.f_locals == {"url": "u"}
assert c.cr_frame.f_lineno == 14
assert c.cr_await is not None
try:
    c.send("data")
except StopIteration as stop:
    assert stop.value == ("u", "data")
assert c.cr_frame is None
