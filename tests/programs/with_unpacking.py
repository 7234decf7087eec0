"""Targets of with: tuples, attributes, items, and several managers in one."""

from __future__ import annotations

import contextlib


@contextlib.contextmanager
def giving(value):
    log.append("in")
    yield value
    log.append("out")


log = []


class Holder:
    pass


def main():
    log.clear()
    holder, items = Holder(), {}
    with (
        giving((1, (2, 3))) as (a, (b, *c)),
        giving(4) as holder.attribute,
        giving(5) as items["key"],
        giving(6),
    ):
        log.append((a, b, c, holder.attribute, items))
    return list(log)
