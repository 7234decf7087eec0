"""`raise error from C` is refused if C() is no exception."""


class Odd(Exception):
    def __new__(cls):
        return "odd"


try:
    raise ValueError from Odd
except TypeError:
    refused = True
except ValueError:
    refused = False
assert refused
