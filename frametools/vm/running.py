"""From outside into a VM: a callable or a code object becomes its first frame."""

from __future__ import annotations

import builtins
from types import CodeType, FunctionType, MethodType
from typing import TYPE_CHECKING, Any

from frametools.vm import importing
from frametools.vm._builtins import getattr, isinstance, object, type
from frametools.vm.code import Code
from frametools.vm.entry import run_code

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from frametools.vm.vm import VM


def execute(
    vm: VM, co: CodeType, global_names: dict[str, Any], local_names: Any = None
) -> Any:
    """Run a code object in a VM: `exec(co, globals, locals)`.

    Raises TypeError for code with free variables, as `exec` does.
    """
    if co.co_freevars:
        message = "code object passed to exec() may not contain free variables"
        raise TypeError(message)
    global_names.setdefault("__builtins__", builtins)
    namespace = global_names if local_names is None else local_names
    return run_code(vm.code(co), global_names, namespace)


def call(
    vm: VM, func: Callable[..., Any], args: tuple[Any, ...], kwargs: Mapping[str, Any]
) -> Any:
    """Call a callable, its Python code run by the VM."""
    with importing.active(vm):
        return interpreted(vm, func)(*args, **kwargs)


def interpreted(vm: VM, func: Callable[..., Any]) -> Callable[..., Any]:
    """Return what does as `func` does, its Python code run by the VM.

    Of a class that is `__init__`, if Python makes its instances in the plain way. What
    is not Python is returned as it is: what it calls back was made by whoever made it.
    """
    if isinstance(func, FunctionType):
        return vm.function(original(func))
    if isinstance(func, MethodType):
        return MethodType(interpreted(vm, func.__func__), func.__self__)
    if isinstance(func, type):
        return _maker(vm, func)
    dunder = getattr(type(func), "__call__", None)
    if isinstance(dunder, FunctionType):
        return MethodType(interpreted(vm, dunder), func)
    return func


def _maker(vm: VM, cls: type) -> Callable[..., Any]:
    init = cls.__init__
    is_plain = type(cls).__call__ is type.__call__ and cls.__new__ is object.__new__
    if not (is_plain and isinstance(init, FunctionType)):
        return cls
    run_init = interpreted(vm, init)

    def make(*args: Any, **kwargs: Any) -> Any:
        instance = object.__new__(cls)
        run_init(instance, *args, **kwargs)
        return instance

    return make


def original(func: FunctionType) -> FunctionType:
    """Return a function with its own code, where it has the trampoline of a VM."""
    for const in func.__code__.co_consts:
        if type(const) is Code:
            new = FunctionType(
                const.co,
                func.__globals__,
                func.__name__,
                func.__defaults__,
                func.__closure__,
            )
            new.__kwdefaults__ = func.__kwdefaults__
            return new
    return func


def is_code(what: object) -> bool:
    """Tell code objects, which are executed, from what is called."""
    return type(what) is CodeType
