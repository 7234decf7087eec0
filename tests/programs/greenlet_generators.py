"""Generators and exceptions across greenlets; needs greenlet."""

from __future__ import annotations

import greenlet


def produce(n):
    for i in range(n):  # noqa: UP028
        yield i


def worker(parent):
    for value in produce(3):
        parent.switch(value)
    raise ValueError("end")


def main():
    seen = []
    child = greenlet.greenlet(worker)
    parent = greenlet.getcurrent()
    seen.append(child.switch(parent))
    seen.append(child.switch())
    seen.append(child.switch())
    try:
        child.switch()
    except ValueError:
        seen.append("raised")
    return seen
