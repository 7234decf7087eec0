"""From left to right: operands, subscripts, targets, chains, conditions."""

from __future__ import annotations

log = []


def say(value):
    log.append(value)
    return value


class Target:
    def __setitem__(self, key, value):
        log.append(("set", key, value))

    def __setattr__(self, name, value):
        log.append(("attribute", name, value))


def main():
    log.clear()
    target = Target()
    say(target)[say("k1")] = say(target).attribute = say("value")
    say("a"), say("b") if say(0) else say("c")
    target[say(1)], target[say(2)] = say("x"), say("y")
    (lambda p=say("default"): p)()
    x = say(1) + say(2) * say(3)
    y = [say("list"), {say("key"): say("item")}]
    i = 0
    i, target[i] = 5, "rebinds first"
    for target[say("loop")] in (1, 2):
        pass
    return x, len(y), i, [e for e in log if e is not target]
