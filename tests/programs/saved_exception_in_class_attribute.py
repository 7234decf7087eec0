"""The last error kept in a class attribute, replaced by the next, then deleted."""

from __future__ import annotations

import weakref


class Big:
    pass


class Service:
    last_error = None

    def attempt(self, n):
        big = Big()
        alive.append(weakref.ref(big))
        try:
            return 1 // n
        except ZeroDivisionError as error:
            type(self).last_error = error


alive = []


def main():
    alive.clear()
    service = Service()
    states = []
    for n in (0, 1, 0):
        service.attempt(n)
        states.append([a() is not None for a in alive])
    Service.last_error = None
    states.append([a() is not None for a in alive])
    return states
