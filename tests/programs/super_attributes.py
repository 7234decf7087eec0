"""super(): methods, data, properties, class methods, and along a diamond."""

from __future__ import annotations


class Root:
    data = "root"

    def walk(self):
        return ["Root"]

    @property
    def prop(self):
        return "root property"

    @classmethod
    def make(cls):
        return cls.__name__


class Left(Root):
    def walk(self):
        return ["Left", *super().walk()]


class Right(Root):
    data = "right"

    def walk(self):
        return ["Right", *super().walk()]


class Bottom(Left, Right):
    def walk(self):
        return ["Bottom", *super().walk()]

    def parts(self):
        method = super().walk
        return super().data, super().prop, super(Right, self).data, method()

    @classmethod
    def make(cls):
        return super().make() + "!"

    def missing(self):
        try:
            return super().nothing
        except AttributeError as error:
            return str(error)

    def __getitem__(self, key):
        try:
            return super().__getitem__(key)
        except AttributeError:
            return "no item"


def main():
    bottom = Bottom()
    return bottom.walk(), bottom.parts(), Bottom.make(), bottom.missing(), bottom[1]
