"""sys.setprofile is per thread, sys.monitoring per interpreter."""

from __future__ import annotations

import sys
import threading

import _events
from _fact import HERE, Fact


def _work() -> None:
    pass


def _in_a_thread() -> None:
    thread = threading.Thread(target=_work)
    thread.start()
    thread.join()


def _by_setprofile() -> bool:
    seen: list[bool] = []
    sys.setprofile(lambda frame, *_: seen.append(frame.f_code is _work.__code__))
    try:
        _in_a_thread()
    finally:
        sys.setprofile(None)
    return any(seen)


def _by_monitoring() -> bool:
    threads = set()
    _events.switch(lambda _: threads.add(threading.get_ident()), ("PY_START",))
    try:
        _in_a_thread()
    finally:
        _events.off(("PY_START",))
    return len(threads) > 1


def see() -> str:
    """Run a function in a thread that starts after the hook was set."""
    seen = {"setprofile": _by_setprofile()}
    if HERE >= (3, 12):
        seen["monitoring"] = _by_monitoring()
    return ", ".join(f"{name} {'yes' if yes else 'no'}" for name, yes in seen.items())


FACT = Fact(
    "a later thread is seen by",
    {(3, 11): "setprofile no", (3, 12): "setprofile no, monitoring yes"},
    see,
)

if __name__ == "__main__":
    FACT.check()
