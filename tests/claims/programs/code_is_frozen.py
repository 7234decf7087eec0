"""A code object cannot be changed, only copied with changes."""


def f(x):
    return x + 1


try:
    f.__code__.co_consts = ()
except AttributeError:
    refused = True
assert refused
assert f.__code__.replace(co_name="g").co_name == "g"
assert f.__code__.co_name == "f"
