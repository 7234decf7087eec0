"""return, break and continue out of a with statement call __exit__ without error."""

from __future__ import annotations

log = []


class Manager:
    def __init__(self, name):
        self.name = name

    def __enter__(self):
        log.append(f"+{self.name}")
        return self.name

    def __exit__(self, *error):
        log.append((self.name, error))


def returning():
    with Manager("outer"):
        for _ in range(2):
            with Manager("inner") as name:
                return name


def looping():
    for n in range(3):
        with Manager(n):
            if n == 0:
                continue
            break


def yielding():
    with Manager("generator"):
        yield 1
        yield 2


def main():
    log.clear()
    returning()
    looping()
    g = yielding()
    next(g)
    g.close()
    kinds = log.pop()[1]
    return [e if e != (None, None, None) else "-" for e in log], kinds[0].__name__
