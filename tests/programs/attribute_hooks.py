"""__getattr__, __getattribute__, __setattr__ and hasattr."""

from __future__ import annotations


class Proxy:
    def __init__(self, **values):
        object.__setattr__(self, "values", values)

    def __getattr__(self, name):
        try:
            return self.values[name]
        except KeyError:
            raise AttributeError(name) from None

    def __setattr__(self, name, value):
        self.values[name] = value


class Watched:
    def __getattribute__(self, name):
        return len(name)


def main():
    proxy = Proxy(a=1)
    proxy.b = 2
    known = hasattr(proxy, "a"), hasattr(proxy, "z"), getattr(proxy, "z", 9)
    return proxy.a, proxy.b, known, Watched().abc
