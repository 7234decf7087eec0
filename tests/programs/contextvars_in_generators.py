"""Context variables set in generators are their caller's; those of runs are not."""

from __future__ import annotations

import contextvars

value = contextvars.ContextVar("value", default="default")


def generated():
    value.set("by generator")
    yield value.get()
    yield value.get()


def nested(n):
    token = value.set(n)
    inner = contextvars.copy_context().run(nested, n - 1) if n else []
    seen = [value.get(), *inner]
    value.reset(token)
    return [*seen, value.get()]


def run():
    seen = [value.get()]
    g = generated()
    seen += [next(g), value.get()]
    value.set("by caller")
    seen.append(next(g))
    context = contextvars.copy_context()
    try:
        context.run(context.run, int)
    except RuntimeError as error:
        seen.append(str(error)[:14])
    return seen, nested(2), value in context


def main():
    return contextvars.copy_context().run(run), value.get()
