"""Methods of instances, of classes, static ones, and super."""

from __future__ import annotations


class Base:
    def __init__(self, value):
        self.value = value

    def get(self):
        return self.value

    @classmethod
    def make(cls, value):
        return cls(value)

    @staticmethod
    def helper(value):
        return value + 1


class Derived(Base):
    def __init__(self, value):
        super().__init__(self.helper(value))

    def get(self):
        return -super().get()


def main():
    bound = Derived(3).get
    return Base.make(1).get(), Derived.make(2).get(), bound(), Base.get(Base(5))
