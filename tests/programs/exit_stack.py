"""contextlib.ExitStack: callbacks in reverse, suppression, and pop_all."""

from __future__ import annotations

import contextlib

log = []


@contextlib.contextmanager
def manager(name):
    log.append(f"+{name}")
    try:
        yield name
    finally:
        log.append(f"-{name}")


def swallow(kind, error, traceback):
    log.append(f"swallow {kind and kind.__name__}")
    return kind is ValueError


def main():
    log.clear()
    with contextlib.ExitStack() as stack:
        names = [stack.enter_context(manager(n)) for n in "ab"]
        stack.push(swallow)
        stack.callback(log.append, "callback")
        raise ValueError
    with contextlib.ExitStack() as stack:
        stack.enter_context(manager("c"))
        later = stack.pop_all()
    log.append("later")
    later.close()
    return names, list(log)
