"""A thread that works from time to time, and that the program does not see.

It is one of `_thread`: `threading` does not know it, and it keeps no process alive. It
ends before a fork, which warns of threads from 3.12 on, and copies what is half done.
"""

from __future__ import annotations

import _thread
import os
import time

from frametools._python import COUNTS_THREADS_AFTER_HOOKS

_running: list[BareThread] = []
_hooks: list[str] = []


class BareThread:
    """Calls `work` again and again, until `stop`; a class of its own says what for."""

    avoids_warnings = True
    """Not resumed after a fork that would warn of it; else that is taken."""

    def __init__(self) -> None:
        self._stopping = _thread.allocate_lock()
        self._stopped = _thread.allocate_lock()
        self._native_id = self._ident = 0
        self.is_on = False

    def begin(self) -> float:
        """Get ready, in the thread; returns the seconds until `work`."""
        raise NotImplementedError

    def work(self) -> float:
        """Do it; returns the seconds until the next time."""
        raise NotImplementedError

    def end(self) -> None:
        """Tidy up, in the thread."""

    def start(self) -> None:
        """Begin, now and after each fork that this process makes."""
        if not _running:
            _register()
        _running.append(self)
        self.resume()

    def stop(self) -> None:
        """End it; the thread has ended when this returns."""
        if self in _running:
            _running.remove(self)
        self.pause()

    def resume(self) -> None:
        """Start the thread."""
        self._stopping.acquire()
        self._stopped.acquire()
        self.is_on = True
        try:
            _thread.start_new_thread(self._run, ())
        except RuntimeError:  # the system has no room for one: there is none, then
            self.is_on = False
            self._stopping.release()
            self._stopped.release()

    def pause(self) -> None:
        """End the thread, and wait until the system has forgotten it."""
        if not self.is_on or self._ident == _thread.get_ident():
            return
        self.is_on = False
        self._stopping.release()
        self._stopped.acquire()
        self._stopped.release()
        _wait_for_end(self._native_id)

    def forget(self) -> None:
        """In a forked child: there is no thread."""
        self.is_on = False

    def _run(self) -> None:
        try:
            self._ident = _thread.get_ident()
            self._native_id = _thread.get_native_id()
            wait = self.begin()
            while not self._stopping.acquire(timeout=wait):
                wait = self.work()
            self._stopping.release()
            self.end()
        except BaseException:
            pass
        finally:
            self._stopped.release()


def _wait_for_end(native_id: int) -> None:
    """Wait for the thread to leave the system's list, for 20 ms at most."""
    path = f"/proc/self/task/{native_id}"
    for _ in range(200):
        if not native_id or not os.access(path, os.F_OK):
            return
        time.sleep(0.0001)


def _register() -> None:
    """Pause around forks; hooks of os cannot be taken back, so once."""
    if _hooks or not hasattr(os, "register_at_fork"):
        return
    _hooks.append("register_at_fork")
    os.register_at_fork(
        before=_before_fork, after_in_parent=_in_parent, after_in_child=_in_child
    )


def _before_fork() -> None:
    for thread in _running:
        thread.pause()


def _in_parent() -> None:
    """Go on, but where the fork would warn of the thread: there some end."""
    for thread in _running:
        warns = COUNTS_THREADS_AFTER_HOOKS and thread.avoids_warnings
        if not thread.is_on and not warns:
            thread.resume()


def _in_child() -> None:
    for thread in _running:
        thread.forget()
