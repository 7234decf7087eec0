"""import statements in functions: names, parts, aliases, and what is missing."""

from __future__ import annotations

import sys
import types


def plain():
    import os.path

    return os.path.basename("a/b"), "os" in locals()


def aliased():
    import os.path as path
    from os.path import basename as base
    from os.path import join

    return path.basename("a/b"), base("c/d"), join("e", "f").count("f")


def missing():
    seen = []
    try:
        from os import no_such_name  # noqa: F401
    except ImportError as error:
        seen.append((error.name, str(error).split("(")[0]))
    try:
        import no_such_module.part  # noqa: F401
    except ModuleNotFoundError as error:
        seen.append((error.name, type(error.path).__name__))
    return seen


def made():
    sys.modules["made_here"] = module = types.ModuleType("made_here")
    module.__getattr__ = lambda name: f"made {name}"
    try:
        import made_here
        from made_here import anything

        return anything, made_here is module
    finally:
        del sys.modules["made_here"]


def main():
    return plain(), aliased(), missing(), made()
