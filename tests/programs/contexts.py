"""Functions run in contexts of their own."""

from __future__ import annotations

import contextvars

value = contextvars.ContextVar("value", default=0)


def change(n):
    value.set(n)
    return value.get()


def main():
    context = contextvars.copy_context()
    return context.run(change, 5), value.get(), context.run(value.get)
