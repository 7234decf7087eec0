"""exec and eval with globals and locals apart: functions see the globals only."""

from __future__ import annotations

SOURCE = """
x = "local"
def read():
    return x
try:
    class Body:
        y = x
    body = Body.y
except NameError as error:
    body = str(error)
def set_global():
    global z
    z = "set"
set_global()
listed = [n for n in (1,)]
try:
    found = read()
except NameError as error:
    found = str(error)
"""


class Logging(dict):
    def __getitem__(self, key):
        log.append(key)
        return super().__getitem__(key)

    def __missing__(self, key):
        if key.startswith("_") or key in ("NameError", "str"):
            raise KeyError(key)
        return f"<{key}>"


log = []


def main():
    log.clear()
    first, second = {}, {}
    exec(SOURCE, first, second)
    both = {}
    exec(SOURCE, both)
    lazily = Logging(a=1)
    value = eval("a, b, a", {}, lazily)
    return (
        sorted(k for k in first if k[0] != "_"),
        sorted(second),
        second["found"],
        second["body"],
        both["found"],
        value,
        list(log),
    )
