"""A signal handler that runs between two instructions."""

from __future__ import annotations

import signal

seen = []


def handler(number, frame):
    seen.append(number)


def main():
    seen.clear()
    old = signal.signal(signal.SIGUSR1, handler)
    try:
        for _ in range(3):
            signal.raise_signal(signal.SIGUSR1)
    finally:
        signal.signal(signal.SIGUSR1, old)
    return len(seen)
