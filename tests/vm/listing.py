"""The programs that stand in modules beside the tests."""

from __future__ import annotations

from types import FunctionType, ModuleType


def programs(*modules: ModuleType) -> list[FunctionType]:
    """List the functions of modules that can be called with no argument."""
    return [
        found
        for module in modules
        for found in vars(module).values()
        if isinstance(found, FunctionType)
        and found.__module__ == module.__name__
        and found.__code__.co_argcount == len(found.__defaults__ or ())
    ]
