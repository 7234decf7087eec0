"""from module import *: with and without __all__, into a dict of its own."""

from __future__ import annotations

import sys
import types


def module(**names):
    made = types.ModuleType("starred")
    vars(made).update(names)
    return made


def star(**names):
    sys.modules["starred"] = module(**names)
    found = {}
    try:
        exec("from starred import *", found)
    except AttributeError as error:
        return str(error)
    finally:
        del sys.modules["starred"]
    return sorted(name for name in found if name != "__builtins__")


def in_class():
    names = {}
    sys.modules["starred"] = module(a=1)
    try:
        exec("class Body:\n    import starred\n    b = starred.a", names)
        exec("def f():\n    from starred import *", {})
    except SyntaxError as error:
        return names["Body"].b, error.msg
    finally:
        del sys.modules["starred"]


def main():
    return (
        star(a=1, _b=2, c=3),
        star(a=1, _b=2, c=3, __all__=["_b"]),
        star(a=1, __all__=["a", "z"]),
        in_class(),
    )
