"""break, continue and return through finally blocks, one in the other."""

from __future__ import annotations

log = []


def nested(kind):
    for i in range(3):
        try:
            try:
                if kind == "break":
                    break
                if kind == "continue":
                    continue
                if kind == "return":
                    return i
                if kind == "raise":
                    raise ValueError(i)
            finally:
                log.append("inner")
        except ValueError:
            log.append("except")
        else:
            log.append("else")
        finally:
            log.append("outer")
    else:
        return "exhausted"
    return "broken"


def main():
    seen = []
    for kind in ("break", "continue", "return", "raise", "none"):
        log.clear()
        seen.append((kind, nested(kind), len(log), log[:3]))
    return seen
