"""A class: __prepare__, its body in a frame, then the metaclass, then the name."""

import sys

order = []


class Meta(type):
    @classmethod
    def __prepare__(mcs, name, bases):
        order.append("prepare")
        return {}

    def __new__(mcs, name, bases, namespace):
        order.append(("new", sorted(k for k in namespace if k[0] != "_")))
        return super().__new__(mcs, name, bases, namespace)


order.append("before")


class User(metaclass=Meta):
    kind = "human"
    order.append(("body", sys._getframe().f_code.co_name, "User" in globals()))

    def name(self):
        order.append("method")


assert order == [
    "before",
    "prepare",
    ("body", "User", False),
    ("new", ["kind", "name"]),
]
assert User.kind == "human"
