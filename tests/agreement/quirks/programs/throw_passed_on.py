"""A generator whose throw() goes on to an iterator of a class is on the stack then."""

import sys

callers = []


class Iterator:
    def __iter__(self):
        return self

    def __next__(self):
        return 1

    def throw(self, *args):
        callers.append(sys._getframe(1).f_code.co_name)
        return 2


def generator():
    yield from Iterator()


made = generator()
next(made)
made.throw(ValueError)
assert callers == ["generator"], callers
