"""The TypeError of `f(*1)` does not name `f`."""


def called():
    pass


try:
    called(*1)
except TypeError as error:
    said = str(error)
assert "called" not in said, said
