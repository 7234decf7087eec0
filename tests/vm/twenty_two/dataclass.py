"""dataclasses: defaults, order, frozen, slots, replace, asdict."""

from dataclasses import asdict, dataclass, field, fields, replace


@dataclass(order=True)
class Item:
    name: str
    price: float = 1.0
    tags: list = field(default_factory=list, compare=False)

    def __post_init__(self):
        self.name = self.name.title()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixed:
    x: int
    y: int = 2


items = sorted([Item("pear", 2), Item("apple"), Item("apple", 0.5, ["a"])])
print(items, items[0] < items[1], asdict(items[2]))
print(replace(Fixed(x=1), y=5), hash(Fixed(x=1)) == hash(Fixed(x=1, y=2)))
print([f.name for f in fields(Item)])
try:
    Fixed(x=1).x = 2
except AttributeError as error:
    print(type(error).__name__, error)
try:
    Fixed(1)
except TypeError as error:
    print(error)
