"""__class__ in methods: a cell that is filled when the class is made."""

from __future__ import annotations


class Base:
    def who(self):
        return "Base"


class Derived(Base):
    def who(self):
        return __class__.__name__, super().who()

    @classmethod
    def kind(cls):
        return __class__, super().__name__ if hasattr(super(), "__name__") else "-"

    def rebound(self):
        self = Base()  # noqa: F841
        try:
            return super().who()
        except TypeError as error:
            return str(error)[:30]

    lazily = lambda self: [super(Derived, self).who() for _ in range(1)]  # noqa: E731


class Meta(type):
    def __new__(mcs, name, bases, namespace):
        cell = namespace["__classcell__"]
        try:
            cell.cell_contents
        except ValueError:
            seen.append("empty")
        made = super().__new__(mcs, name, bases, namespace)
        seen.append(cell.cell_contents is made)
        return made


seen = []


def outside():
    try:
        return super().x
    except RuntimeError as error:
        return str(error)


def main():
    seen.clear()

    class Made(metaclass=Meta):
        def get(self):
            return __class__

    derived = Derived()
    return (
        derived.who(),
        derived.kind()[0] is Derived,
        derived.rebound(),
        derived.lazily(),
        Made().get() is Made,
        list(seen),
        outside(),
    )
