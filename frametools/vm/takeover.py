"""Functions that were made before the VM, run by it while its program runs.

What the VM calls it runs, whoever made it. But what C code calls, `__init__` of a class
or a sort key, would run natively if it was made natively: with the script of the user
that is every function in it. So for the time of `vm.call`, `vm.run` or `vm.steps` such
functions have a trampoline for code, and then their own again.

    module of the callable
      '-- modules that it has imported
            '-- functions, and those in classes, properties, static and class methods

The process of `python -m frametools.vm` needs none of this: there the VM is first.
"""

from __future__ import annotations

import sys
from functools import _lru_cache_wrapper
from types import FunctionType, MethodType, ModuleType
from typing import TYPE_CHECKING, Any

from frametools.vm._builtins import (
    classmethod,
    getattr,
    hasattr,
    id,
    isinstance,
    list,
    property,
    set,
    staticmethod,
    str,
    type,
    vars,
)
from frametools.vm.calling import HIDDEN
from frametools.vm.entry import trampoline

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import CodeType

    from frametools.vm.vm import VM

_USED_BY_US = frozenset(
    "_collections_abc _weakrefset abc builtins codecs collections copyreg "
    "dis encodings enum fnmatch genericpath importlib io keyword "
    "linecache opcode operator os posixpath re reprlib runpy site stat sys sysconfig "
    "token tokenize types typing warnings weakref zipimport".split()
)
"""Packages whose functions the VM itself may be in the midst of."""


class taken_over:  # noqa: N801
    """A block in which functions that were made before belong to a VM.

    Costs some 10 us for each function, about 5 ms where a module imports much; begun
    again, it costs 0.1 us for each.
    """

    __slots__ = ("functions", "vm")

    def __init__(self, vm: VM, func: object) -> None:
        self.vm = vm
        self.functions: list[tuple[FunctionType, CodeType, CodeType]] = []
        seen: set[int] = set()
        for module in _modules(func):
            for value in list(vars(module).values()):
                for fn in _functions(value, seen):
                    self._add(fn)

    def _add(self, fn: FunctionType) -> None:
        co = fn.__code__
        if id(co) not in HIDDEN and _is_free(fn) and self.vm.policy.runs(fn):
            self.functions.append((fn, co, trampoline(self.vm.code(co))))

    def __enter__(self) -> None:
        for fn, co, ours in self.functions:
            if fn.__code__ is co:
                fn.__code__ = ours

    def __exit__(self, *_exc: object) -> None:
        for fn, co, ours in self.functions:
            if fn.__code__ is ours:
                fn.__code__ = co


_NOT_TAKEN = _USED_BY_US | {"frametools"}


def _is_free(fn: FunctionType) -> bool:
    name = fn.__globals__.get("__name__")
    return not isinstance(name, str) or name.partition(".")[0] not in _NOT_TAKEN


def _modules(func: object) -> list[ModuleType]:
    """Return the modules to look through for the run of a callable."""
    names: set[str] = set()
    packages: set[str] = set()
    root = sys.modules.get(_module_of(func))
    names.add(_module_of(func))
    for value in () if root is None else list(vars(root).values()):
        if isinstance(value, ModuleType):
            names.add(value.__name__)
            if hasattr(value, "__path__"):
                packages.add(value.__name__)
        elif isinstance(value, (type, FunctionType)):
            names.add(str(value.__module__))
    return [
        module
        for name, module in list(sys.modules.items())
        if (name in names or name.rpartition(".")[0] in packages)
        and name.partition(".")[0] not in _NOT_TAKEN
        and isinstance(module, ModuleType)
    ]


def _module_of(func: Any) -> str:
    while isinstance(func, MethodType):
        func = func.__func__
    if isinstance(func, FunctionType):
        return str(func.__globals__.get("__name__"))
    return str(getattr(func, "__module__", None) or getattr(type(func), "__module__"))


def _functions(value: object, seen: set[int]) -> Iterator[FunctionType]:
    """Yield the functions that a value of a module, or of a class, is or has."""
    if isinstance(value, FunctionType):
        if id(value) not in seen:
            seen.add(id(value))
            yield value
            yield from _functions(getattr(value, "__wrapped__", None), seen)
    elif type(value) is _lru_cache_wrapper:
        yield from _functions(value.__wrapped__, seen)
    elif isinstance(value, (staticmethod, classmethod)):
        yield from _functions(value.__func__, seen)
    elif isinstance(value, property):
        for fn in (value.fget, value.fset, value.fdel):
            yield from _functions(fn, seen)
    elif isinstance(value, type) and id(value) not in seen:
        seen.add(id(value))
        yield from _methods(value, seen)


def _methods(cls: type, seen: set[int]) -> Iterator[FunctionType]:
    """Yield the functions that a class has, with those of its bases."""
    for base in cls.__mro__:
        # Not by the functions' globals alone: a named tuple's __new__ has its own.
        if str(base.__module__).partition(".")[0] not in _NOT_TAKEN:
            for member in list(vars(base).values()):
                yield from _functions(member, seen)
