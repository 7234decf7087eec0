"""copy, deepcopy and pickle call back into __reduce__, __copy__, __getstate__."""

from __future__ import annotations

import copy
import pickle

log = []


class State:
    def __init__(self, x):
        self.x = x

    def __getstate__(self):
        log.append("getstate")
        return {"x": self.x, "extra": 1}

    def __setstate__(self, state):
        log.append("setstate")
        vars(self).update(state)


class Copied:
    def __copy__(self):
        log.append("copy")
        return "copied"

    def __deepcopy__(self, memo):
        log.append("deepcopy")
        return "deep"


class Reduced:
    def __reduce__(self):
        log.append("reduce")
        return make, (5,)


def make(n):
    log.append("make")
    return n


def main():
    log.clear()
    again = copy.copy(State(3))
    cycle = State(1)
    cycle.x = [cycle]
    deep = copy.deepcopy(cycle)
    seen = [again.x, again.extra, deep.x[0] is deep, copy.copy(Copied())]
    seen += [copy.deepcopy([Copied()]), copy.copy(Reduced())]
    try:
        pickle.dumps(lambda: 1)
    except (pickle.PicklingError, AttributeError):
        seen.append("no pickle of a lambda")
    return seen, list(log)
