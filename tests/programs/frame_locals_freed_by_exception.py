"""The locals of frames that an exception leaves die with the exception."""

from __future__ import annotations

log = []


class Noisy:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        log.append(self.name)


def fail(n):
    noisy = Noisy(n)
    if n == 0:
        raise ValueError
    fail(n - 1)
    return noisy


def main():
    log.clear()
    try:
        fail(2)
    except ValueError:
        log.append("handling")
    log.append("handled")
    return list(log)
