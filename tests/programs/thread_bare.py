"""Threads of _thread, which threading does not know."""

from __future__ import annotations

import _thread


def work(n, done, results):
    try:
        results.append(helper(n))
    finally:
        done.release()


def helper(n):
    return n * 2


def main():
    results = []
    for n in range(3):
        done = _thread.allocate_lock()
        done.acquire()
        _thread.start_new_thread(work, (n, done, results))
        done.acquire()
    return results
