"""__del__, by reference count and in a cycle."""

from __future__ import annotations

import gc

log = []


class Noisy:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        log.append(self.name)


def drop(name):
    Noisy(name)


def main():
    log.clear()
    gc.disable()
    try:
        drop("a")
        noisy = Noisy("b")
        noisy.me = noisy
        del noisy
        before = list(log)
        gc.collect()  # before it is enabled: then it may begin by itself
    finally:
        gc.enable()
    return before, list(log)
