"""del of names, items, attributes, slices, several at once, and what is missing."""

from __future__ import annotations

SOURCE = """
x = y = 1
del x
try:
    del x
except NameError as error:
    said = str(error)
class Body:
    z = 1
    del z
    try:
        del z
    except NameError as error:
        said = str(error)
del (y), [said]
"""


class Holder:
    def __delattr__(self, name):
        log.append(("attribute", name))
        super().__delattr__(name)

    def __delitem__(self, key):
        log.append(("item", key))


log = []


def attempt(call):
    try:
        call()
    except (AttributeError, KeyError, IndexError, TypeError) as error:
        return type(error).__name__


def remove(container, key):
    del container[key]


def main():
    log.clear()
    holder, items, table = Holder(), list(range(10)), {"a": 1, "b": 2}
    holder.x = holder.y = 1
    a = b = c = 1
    del a, (b, [c])
    del holder.x, holder.y, holder[1], holder[1:2], holder[1, 2:3:4]
    del items[0], items[1:3], items[::2], table["a"]
    names = {}
    exec(SOURCE, names)
    return (
        items,
        table,
        sorted(locals()),
        attempt(lambda: holder.__delattr__("x")),
        attempt(lambda: remove(items, 50)),
        attempt(lambda: remove(table, "a")),
        attempt(lambda: remove((), 0)),
        names["Body"].said,
        sorted(k for k in names if k[0] != "_"),
        [str(entry) for entry in log],
    )
