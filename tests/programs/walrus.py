"""Assignment expressions: in conditions, loops, calls, and out of comprehensions."""

from __future__ import annotations

log = []


def say(value):
    log.append(value)
    return value


def function(values):
    if (n := len(values)) > 2 and (first := values[0]):
        log.append((n, first))
    it = iter(values)
    while (value := next(it, None)) is not None:
        log.append(value)
    found = any((hit := v) > 1 for v in values)
    return found, hit, value, (total := sum(values)) + total


def main():
    log.clear()
    y = [x := say(1), x + 1, (x := x * 5), x]
    copy = f"{(z := 3)}{z}"
    return function([1, 2, 3]), y, copy, x, say(w := 4) + w, list(log)
