"""Threads that get the identity of one that ended."""

from __future__ import annotations

import threading


def work(n):
    return n + 1


def main():
    for n in range(10):
        thread = threading.Thread(target=work, args=(n,), name=f"number-{n}")
        thread.start()
        thread.join()
    return n
