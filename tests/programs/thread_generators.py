"""A generator that is resumed in another thread than it began in."""

from __future__ import annotations

import threading


def numbers():
    yield "first"
    yield "second"
    yield "third"


def take(it, seen):
    seen.append(next(it))


def main():
    it, seen = numbers(), []
    take(it, seen)
    for _ in range(2):
        thread = threading.Thread(target=take, args=(it, seen), name="taking")
        thread.start()
        thread.join()
    return seen
