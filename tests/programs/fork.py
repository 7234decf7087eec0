"""A child process that works on its own; needs os.fork."""

from __future__ import annotations

import os


def child():
    return sum(step(i) for i in range(3))


def step(i):
    return i


def main():
    pid = os.fork()
    if pid == 0:
        try:
            child()
        finally:
            os._exit(7)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
