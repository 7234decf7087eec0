"""match on classes: __match_args__, keywords, properties, and wrong patterns."""

from __future__ import annotations


class Point:
    __match_args__ = ("x", "y")

    def __init__(self, x, y):
        self.x = x
        self.y = y

    @property
    def size(self):
        log.append("size")
        return self.x + self.y


class Missing:
    __match_args__ = ("no_such",)


class Wrong:
    __match_args__ = 3


log = []


def kind(value):
    match value:
        case Point(0, y=0):
            return "origin"
        case Point(x, Point(y, z)):
            return "nested", x, y, z
        case Point(size=5):
            return "size"
        case Point(x=x):
            return "point", x
        case Missing(a):
            return "never", a
        case dict(d) if d:
            return "dict", d
        case Wrong(_):
            return "never"
    return "other"


def too_many(value):
    match value:
        case Point(_, _, _):
            return "never"


def main():
    log.clear()
    values = [Point(0, 0), Point(1, Point(2, 3)), Point(2, 3), Point(7, 8)]
    values += [Missing(), {}]
    seen = [kind(value) for value in values]
    for call, value in ((kind, Wrong()), (too_many, Point(1, 2))):
        try:
            call(value)
        except TypeError as error:
            seen.append(str(error))
    return seen, log
