"""What runs when a class is made: decorators, bases, body, names, subclass hook."""

from __future__ import annotations

log = []


def said(value, result=None):
    log.append(value)
    return result


class Named:
    def __set_name__(self, owner, name):
        log.append(f"__set_name__ {name}")


class Base:
    def __init_subclass__(cls, option=None, **kwargs):
        super().__init_subclass__(**kwargs)
        log.append(f"__init_subclass__ {cls.__name__} {option}")


class Entry:
    def __mro_entries__(self, bases):
        log.append("__mro_entries__")
        return (Base,)


def main():
    log.clear()

    @said("decorator", lambda cls: said("decorated", cls))
    class Made(said("base", Base), option=said("option", 5)):
        log.append("body")
        one, two = Named(), Named()

    class Other(Entry()):
        pass

    return list(log), Other.__bases__[0] is Base, len(Other.__orig_bases__)
