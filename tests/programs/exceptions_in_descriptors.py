"""Exceptions in properties and descriptors; an AttributeError calls __getattr__."""

from __future__ import annotations


class Descriptor:
    def __get__(self, instance, owner):
        raise ValueError("get")

    def __set__(self, instance, value):
        raise ValueError("set")

    def __delete__(self, instance):
        raise ValueError("delete")


class C:
    described = Descriptor()

    @property
    def value(self):
        raise ValueError("property")

    @property
    def hidden(self):
        return self.no_such

    def __getattr__(self, name):
        log.append(name)
        if name == "no_such":
            raise AttributeError(name)
        return f"by __getattr__: {name}"


log = []


def attempt(call, *args):
    try:
        return call(*args)
    except (ValueError, AttributeError) as error:
        return repr(error)


def main():
    log.clear()
    c = C()
    seen = [
        attempt(getattr, c, "described"),
        attempt(setattr, c, "described", 1),
        attempt(delattr, c, "described"),
        attempt(getattr, C, "described"),
        attempt(getattr, c, "value"),
        attempt(getattr, c, "hidden"),
        attempt(setattr, c, "hidden", 1),
        attempt(hasattr, c, "no_such"),
    ]
    return seen, list(log)
