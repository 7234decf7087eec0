"""os.fork() warns where the kernel counts more than one thread, Python's or not."""

from __future__ import annotations

from _fact import Fact, python

CODE = """
import ctypes, os, warnings
libc = ctypes.CDLL(None)
thread = ctypes.c_ulong()
libc.pthread_create(ctypes.byref(thread), None, libc.pause, None)
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    pid = os.fork()
    if not pid:
        os._exit(0)
os.waitpid(pid, 0)
print(*[warning.category.__name__ for warning in caught] or ["silent"], flush=True)
os._exit(0)
"""


def see() -> str:
    """Fork beside one thread that a C library started."""
    return python(CODE)


FACT = Fact(
    "os.fork() beside a thread of a C library",
    {(3, 11): "silent", (3, 12): "DeprecationWarning"},
    see,
)

if __name__ == "__main__":
    FACT.check()
