"""A pool of threads, with results and an exception."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor


def work(n):
    if n == 3:
        raise ValueError(n)
    return n * n


def attempt(future):
    try:
        return future.result()
    except ValueError as error:
        return str(error)


def main():
    with ThreadPoolExecutor(2, thread_name_prefix="pool") as pool:
        futures = [pool.submit(work, n) for n in range(6)]
        return [attempt(future) for future in futures]
