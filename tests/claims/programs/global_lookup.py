"""LOAD_GLOBAL looks in the globals, then in the builtins, then raises NameError."""


def f(xs):
    return len(xs)


assert f("abc") == 3
len = lambda xs: "mine"  # noqa: A001, E731
assert f("abc") == "mine"
del len
assert f("abc") == 3
names = {"__builtins__": {}}
exec("def f():\n    return len('abc')", names)
try:
    names["f"]()
except NameError as error:
    missing = error.name
assert missing == "len"
