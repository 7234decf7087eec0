"""When the values of a frame die: at del, at rebinding, at its end, or later."""

from __future__ import annotations

log = []


class Noisy:
    def __init__(self, name):
        self.name = name

    def __del__(self):
        log.append(self.name)


def deleted():
    a = Noisy("del")
    del a
    log.append("after del")


def rebound():
    a = Noisy("first")
    a = Noisy("second")
    log.append("rebound")
    return a.name


def ended():
    a, b = Noisy("a"), Noisy("b")
    c = a
    log.append("ending")
    return a is c, b.name


def returned():
    local = Noisy("local")
    value = Noisy("returned")
    return value if local else local


def temporary():
    Noisy("temporary").name.upper()
    log.append("after temporary")


def argument(x):
    del x
    log.append("argument deleted")


def main():
    log.clear()
    for function in (deleted, rebound, ended, temporary):
        function()
    log.append("returns")
    value = returned()
    log.append(value.name)
    del value
    argument(Noisy("argument"))
    return list(log)
