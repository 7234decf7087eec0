"""An exception that ends a thread."""

from __future__ import annotations

import threading


def fail():
    raise ValueError("in a thread")


def main():
    seen = []
    hook = threading.excepthook
    threading.excepthook = lambda args: seen.append(args.exc_type.__name__)
    try:
        thread = threading.Thread(target=fail, name="failing")
        thread.start()
        thread.join()
    finally:
        threading.excepthook = hook
    return seen
