"""A class body stores into the namespace that __prepare__ gave: its f_locals."""

import sys

given = {}


class Meta(type):
    @classmethod
    def __prepare__(mcs, name, bases):
        return given


class User(metaclass=Meta):
    kind = "human"
    same = sys._getframe().f_locals is given


assert User.same
assert given["kind"] == "human"
assert type(User) is Meta
