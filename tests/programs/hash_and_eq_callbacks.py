"""dict and set call __hash__ and __eq__, which may raise or change the dict."""

from __future__ import annotations


class Key:
    def __init__(self, name, error=None):
        self.name = name
        self.error = error

    def __hash__(self):
        log.append(f"hash {self.name}")
        if self.error is KeyError:
            raise KeyError("in hash")
        return 1

    def __eq__(self, other):
        log.append(f"{self.name} == {other.name}")
        if ValueError in (self.error, other.error):
            raise ValueError("in eq")
        return self.name == other.name


log = []


def attempt(call):
    try:
        return call()
    except (KeyError, ValueError) as error:
        return repr(error)


def main():
    log.clear()
    a, b = Key("a"), Key("b")
    table = {a: 1, b: 2}
    seen = [table[Key("b")], Key("c") in table, table.get(Key("d"), 0)]
    seen.append(attempt(lambda: table[Key("e", KeyError)]))
    seen.append(attempt(lambda: table[Key("f", ValueError)]))
    seen.append(len({a, b, Key("a")} & {Key("b")}))
    return seen, list(log)
