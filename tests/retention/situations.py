"""The situations of docs/facts/retention.md: each keeps one local of 5 MiB.

A function's name is the situation's; it is called `keep`ing nothing itself. What it
returns, if anything, is a function that lets go.
"""

import asyncio
import atexit
import concurrent.futures
import contextvars
import functools
import logging
import sys
import threading

SIZE = 5 << 20
saved = {}
variable = contextvars.ContextVar("variable")
per_thread = threading.local()


class Service:
    """Has attributes of its class and of its instances."""

    last_error = None

    def __init__(self):
        self.errors = []


service = Service()


class Handler(logging.Handler):
    """Keeps the records."""

    def __init__(self):
        super().__init__()
        self.records = []

    def emit(self, record):
        self.records.append(record)


handler = Handler()


def load_big():
    data = bytearray(SIZE)
    raise RuntimeError(len(data))


def failed():
    """Return an exception that has left load_big."""
    try:
        load_big()
    except RuntimeError as error:
        return error


def saved_exception():
    saved["error"] = failed()


def class_attribute():
    Service.last_error = failed()


def instance_attribute():
    service.error = failed()


def list_of_an_instance():
    service.errors.append(failed())


def saved_frame():
    data = bytearray(SIZE)
    saved["frame"] = sys._getframe()
    assert data


def suspended_generator():
    saved["generator"] = generator = numbers()
    next(generator)


def numbers():
    data = bytearray(SIZE)
    yield len(data)


def cycle():
    data = bytearray(SIZE)
    try:
        raise RuntimeError(len(data))
    except RuntimeError as error:
        itself = error
    assert itself


def log_record():
    log = logging.Logger("situations")
    log.addHandler(handler)
    try:
        load_big()
    except RuntimeError:
        log.exception("failed")


def future():
    saved["future"] = future = concurrent.futures.Future()
    future.set_exception(failed())


def task():
    async def main():
        saved["task"] = task = asyncio.ensure_future(fail())
        await asyncio.wait([task])

    async def fail():
        load_big()

    asyncio.run(main())
    return lambda: saved["task"].exception()


@functools.lru_cache
def cached(key):
    return failed()


def lru_cache():
    cached(1)


def last_exception():
    error = failed()
    sys.last_value = error
    if sys.version_info >= (3, 12):
        sys.last_exc = error


def context_variable():
    variable.set(failed())


def thread_local():
    per_thread.error = failed()


def closure():
    data = bytearray(SIZE)

    def inner():
        return data

    saved["closure"] = inner


def exception_group():
    inner = ExceptionGroup("inner", [failed()])
    saved["group"] = ExceptionGroup("outer", [ValueError(), inner])


def context_chain():
    try:
        try:
            load_big()
        except RuntimeError:
            raise ValueError
    except ValueError as error:
        saved["error"] = error


def caller():
    """The big local is in a frame that no traceback has."""
    data = bytearray(SIZE)
    saved["error"] = small_error()
    assert data


def small_error():
    try:
        raise RuntimeError
    except RuntimeError as error:
        return error


def caller_after_clear_frames():
    import traceback

    caller()
    traceback.clear_frames(saved["error"].__traceback__)


def suspended_coroutine():
    async def wait():
        data = bytearray(SIZE)
        await forever()
        assert data

    saved["coroutine"] = coroutine = wait()
    coroutine.send(None)


class forever:
    """Never done."""

    def __await__(self):
        yield


def suspended_async_generator():
    async def generate():
        data = bytearray(SIZE)
        yield 1
        assert data

    saved["generator"] = generator = generate()
    try:
        generator.asend(None).send(None)
    except StopIteration:
        pass


def handling_generator():
    def handle():
        try:
            load_big()
        except RuntimeError:
            yield

    saved["generator"] = generator = handle()
    next(generator)


def atexit_callback():
    error = failed()
    atexit.register(forget, error)
    return lambda: atexit.unregister(forget)


def forget(error):
    """Is called with what is kept."""


def other_thread():
    ready, done = threading.Event(), threading.Event()

    def wait():
        kept = failed()
        ready.set()
        done.wait()
        assert kept

    thread = threading.Thread(target=wait, name="Waiter")
    thread.start()
    ready.wait()

    def stop():
        done.set()
        thread.join()

    return stop


def growing():
    for _ in range(4):
        try:
            raise_the_same()
        except RuntimeError:
            pass


THE_SAME = RuntimeError()


def raise_the_same():
    data = bytearray(SIZE)
    raise THE_SAME from None
    assert data


def argument_of_a_partial():
    saved["partial"] = functools.partial(print, failed())


def bound_method():
    saved["method"] = failed().with_traceback


def default_of_a_function():
    saved["function"] = lambda error=failed(): error


def exceptions_that_lead_to_each_other():
    """Two, each a local of a frame of the other's, both saved."""

    def fail(other):
        data = bytearray(SIZE)
        raise RuntimeError(len(data))

    errors = []
    for _ in range(2):
        try:
            fail(errors)
        except RuntimeError as error:
            errors.append(error)
    saved["first"], saved["second"] = errors


def running_local_is_silent():
    failed()


def object_array():
    import numpy as np

    data = bytearray(SIZE)
    try:
        raise RuntimeError(len(data))
    except RuntimeError as error:
        array = np.array([error], dtype=object)
    assert array is not None


def let_go():
    """Undo all of them, but for atexit and threads."""
    saved.clear()
    Service.last_error = None
    service.__dict__.pop("error", None)
    service.errors.clear()
    handler.records.clear()
    cached.cache_clear()
    for name in ("last_exc", "last_value"):
        sys.__dict__.pop(name, None)
    variable.set(None)
    per_thread.__dict__.clear()
    THE_SAME.__traceback__ = None
