"""The Python twin's helper thread: saves the tree as it grows, and samples times.

It is started with _thread, so that `threading` shows the program's threads only; it
is ignored by the monitor, takes no signals, and is away while the process forks.
"""

from __future__ import annotations

import os
from _signal import (  # type: ignore[import-not-found]
    SIG_BLOCK,
    pthread_sigmask,
    valid_signals,
)
from _thread import allocate_lock, get_native_id, start_new_thread
from time import perf_counter, sleep, thread_time

# A program may delete some of those that all share.
globals()["__builtins__"] = vars(__import__("builtins")).copy()

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from frametools.monitor._forest import Forest

_SIGNALS = frozenset(valid_signals())
SAMPLE = 1e-3
"""Seconds between samples."""
FIRST, SLOWEST, SHARE = 0.02, 1.0, 0.007
"""Seconds to the first save and, at least once in, between saves; their share of
the time, which comes first."""


class Helper:
    """One thread beside the program; `save` is None where nothing is to be saved."""

    def __init__(self, forest: Forest, save: Callable[[], None] | None) -> None:
        self.forest = forest
        self._save = save
        self._wake = allocate_lock()
        self._native_id = 0
        self._stop = True

    def start(self) -> None:
        """Start the thread, if there is something for it to do."""
        if not self._stop or (self._save is None and not self.forest.is_sampled):
            return
        self._stop = False
        self._wake = allocate_lock()
        self._wake.acquire()
        try:
            start_new_thread(self._run, (self._wake,))
        except RuntimeError:  # no more threads: the process ends
            self._stop = True

    def stop(self) -> None:
        """End the thread and wait until the kernel has none of it; about 0.1 ms."""
        if self._stop:
            return
        self._stop = True
        self._wake.release()
        for _ in range(20_000):
            if not self._is_there():
                self._native_id = 0
                return
            sleep(0.0001)

    def _is_there(self) -> bool:
        # 3.12+ warns when a process forks that has threads, and counts the kernel's.
        return self._native_id == 0 or os.access(
            f"/proc/self/task/{self._native_id}", os.F_OK
        )

    def _run(self, wake: object) -> None:
        assert wake is self._wake
        self._native_id = get_native_id()
        try:
            pthread_sigmask(SIG_BLOCK, _SIGNALS)
            self.forest.ignore_here()
            self._work()
        except Exception as error:  # an instrument that fails is switched off
            self.failure = error

    def _work(self) -> None:
        sampled = self.forest.is_sampled
        next_save, last = perf_counter() + FIRST, perf_counter()
        gap = FIRST
        while not self._stop:
            wait = SAMPLE if sampled else max(next_save - perf_counter(), 0.0)
            self._wake.acquire(timeout=wait)
            now = perf_counter()
            if sampled:
                _sample(self.forest, now, now - last)
                last = now
            if self._save is not None and now >= next_save and not self._stop:
                cpu = thread_time()
                self._save()
                cost = thread_time() - cpu
                gap = max(min(gap * 2, SLOWEST), cost / SHARE)
                next_save = perf_counter() + gap


def _sample(forest: Forest, now: float, elapsed: float) -> None:
    """Charge the time since the last sample to the innermost nodes."""
    forest.now = now
    for thread in forest.threads[:]:
        if not thread.ended:
            node = thread.node
            cpu = thread.cpu_time()
            node.wall += elapsed
            node.off += max(elapsed - (cpu - thread.sync_cpu), 0.0)
            thread.sync_cpu = cpu
