"""A descriptor with a name."""

from __future__ import annotations


class Typed:
    def __set_name__(self, owner, name):
        self.name = name

    def __get__(self, instance, owner=None):
        return self if instance is None else instance.__dict__.get(self.name, 0)

    def __set__(self, instance, value):
        instance.__dict__[self.name] = int(value)


class Point:
    x = Typed()
    y = Typed()


def main():
    point = Point()
    point.x = "3"
    return point.x, point.y, Point.x.name
