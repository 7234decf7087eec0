"""Threads that start after main() does, and are joined."""

from __future__ import annotations

import threading


def work(results, n):
    results[n] = sum(step(i) for i in range(n))


def step(i):
    return i * i


def main():
    results = {}
    threads = [
        threading.Thread(target=work, args=(results, n), name=f"worker-{n}")
        for n in range(1, 5)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
