"""and, or and not evaluate no more than they need, and give an operand."""

from __future__ import annotations

log = []


def t(value):
    log.append(value)
    return value


class Truth:
    def __init__(self, value):
        self.value = value

    def __bool__(self):
        log.append(f"bool {self.value}")
        return self.value

    def __repr__(self):
        return f"T({self.value})"


def conditions(a, b, c):
    seen = []
    if a and b or c:
        seen.append("and or")
    if not (a or b) and not c:
        seen.append("none")
    while a or b:
        a, b = b, None
        seen.append("loop")
    return seen, [x for x in (a, b, c) if x or x is None], (a or b) and c


def main():
    log.clear()
    seen = [
        t(1) and t(0) and t(2),
        t(0) or t("") or t([]),
        t(1) or t(2),
        not t(0) and t(5),
        (t(0) or t(3)) and (t(4) or t(5)),
        Truth(True) and Truth(False) or Truth(True),
        not Truth(False),
        Truth(False) if Truth(True) else Truth(False),
        any(t(x) for x in (0, 1, 2)),
        all(t(x) for x in (1, 0, 2)),
    ]
    return seen, [conditions(*c) for c in ((1, 0, 0), (0, 0, 1), (1, 1, 1))], list(log)
