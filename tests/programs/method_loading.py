"""Attributes that are called: of classes, metaclasses, modules, and found by hooks."""

from __future__ import annotations

import math
from functools import lru_cache


class Meta(type):
    def of_meta(cls):
        return "of meta"

    @classmethod
    def class_of_meta(mcs):
        return "class of meta"


class Base(metaclass=Meta):
    @classmethod
    def of_class(cls):
        return cls.__name__

    @staticmethod
    def static():
        return "static"

    def plain(self):
        return "plain"

    @lru_cache
    def cached(self, number):
        return number


class Derived(Base):
    @classmethod
    def of_class(cls):
        return super().of_class()


class Hooked:
    def __getattr__(self, name):
        return lambda: name

    def found(self):
        return "found"


class Intercepted:
    def found(self):
        return "found"

    def __getattribute__(self, name):
        return object.__getattribute__(self, name)


def main():
    seen = [
        Base.of_class(),
        Base().of_class(),
        Derived.of_class(),
        Derived().of_class(),
    ]
    seen += [Base.static(), Base().static(), Base.plain(1), Base().plain()]
    seen += [Base.of_meta(), Base.class_of_meta(), Meta.class_of_meta()]
    seen += [Hooked().found(), Hooked().missing(), Intercepted().found()]
    seen += [
        math.sqrt(4.0),
        dict.fromkeys("a"),
        {}.fromkeys("b"),
        Base().plain.__call__(),
    ]
    seen += [Base().cached(3), Base.cached(Base, 4)]
    with memoryview(b"x") as view:
        seen.append(view.tolist())
    return seen
