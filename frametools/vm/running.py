"""From outside into a VM: a callable or a code object becomes its first frame."""

from __future__ import annotations

import builtins
from types import CodeType, FunctionType, MethodType
from typing import TYPE_CHECKING, Any

from frametools.vm import importing
from frametools.vm._builtins import (
    BaseException,
    TypeError,
    getattr,
    hasattr,
    isinstance,
    object,
    setattr,
    tuple,
    type,
)
from frametools.vm.code import Code
from frametools.vm.entry import run_code
from frametools.vm.takeover import taken_over
from frametools.vm.tracebacks import strip_handled
from frametools.vm.vm import VM

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import TypeVar

    F = TypeVar("F", bound=Callable[..., Any])


def execute(
    vm: VM, co: CodeType, global_names: dict[str, Any], local_names: Any = None
) -> Any:
    """Run a code object in a VM: `exec(co, globals, locals)`.

    Raises TypeError for code with free variables, as `exec` does.
    """
    if co.co_freevars:
        message = "code object passed to exec() may not contain free variables"
        raise TypeError(message)
    global_names.setdefault("__builtins__", builtins.__dict__)
    namespace = global_names if local_names is None else local_names
    return run_code(vm.code(co), global_names, namespace)


importing.execute.append(execute)


def call(func: Callable[..., Any] | CodeType, /, *args: Any, **kwargs: Any) -> Any:
    """Call a callable, its Python code run by a VM of its own.

    Modules that it imports are run by the VM too, and so are functions made before:
    those that the VM calls, and for the time of this those that C code calls of its
    module and the modules imported there (see takeover.py). Returns what it returns
    and raises what it raises. Code is executed: with a dict of globals as its argument,
    or in an empty `__main__`.
    """
    try:
        return call_in(VM(), func, args, kwargs)
    except BaseException:
        strip_handled()
        raise


def call_in(
    vm: VM,
    func: Callable[..., Any] | CodeType,
    args: tuple[Any, ...],
    kwargs: Mapping[str, Any],
) -> Any:
    """Call a callable, its Python code run by `vm`."""
    with importing.active(vm), taken_over(vm, func):
        return bound(vm, func, args, kwargs)()


def run(what: Callable[..., Any] | CodeType, /, *args: Any, **kwargs: Any) -> Any:
    """Call a callable, or execute code, as `call`: its result and its `Recording`."""
    from frametools.vm.recording import record

    vm = VM()
    try:
        with importing.active(vm), taken_over(vm, what):
            return record(vm, bound(vm, what, args, kwargs))
    except BaseException:
        strip_handled()
        raise


def bound(
    vm: VM,
    func: Callable[..., Any] | CodeType,
    args: tuple[Any, ...],
    kwargs: Mapping[str, Any],
) -> Callable[[], Any]:
    """Return the call of a callable as one without arguments, run by `vm`.

    Functions given to what is not Python (`sorted`, `map`) are run by the VM as well:
    it will not be the VM that calls them.
    """
    if isinstance(func, CodeType):
        co, global_names = func, globals_of(args)
        return lambda: execute(vm, co, global_names)
    made = adopted(vm, func)
    if made is func:
        args = tuple(_adopted_function(vm, value) for value in args)
        kwargs = {name: _adopted_function(vm, kwargs[name]) for name in kwargs}
    return lambda: made(*args, **kwargs)


def globals_of(args: Sequence[Any]) -> dict[str, Any]:
    """Return the globals that code is to be executed with."""
    return args[0] if args else {"__name__": "__main__"}


def _adopted_function(vm: VM, value: Any) -> Any:
    is_function = isinstance(value, (FunctionType, MethodType))
    return adopted(vm, value) if is_function else value


_shared: list[VM] = []


def interpreted(func: F) -> F:
    """Let one function always be run by a VM, whoever calls it: a decorator.

    It stays what it was for all who look at it: a function, of coroutines too, with
    its name, signature, defaults and closure. All that is decorated shares one VM.
    """
    if not isinstance(func, FunctionType):
        kind = type(func).__name__
        raise TypeError(f"interpreted() takes a function, not {kind}")
    if not _shared:
        _shared.append(VM())
        importing.stay_active(_shared[0])
    vm = _shared[0]
    new = vm.function(original(func))
    new.__dict__.update(func.__dict__)
    # __annotations__ would be worked out now where __annotate__ does it when asked.
    is_lazy = hasattr(func, "__annotate__")
    for name in (*_COPIED, "__annotate__" if is_lazy else "__annotations__"):
        if hasattr(func, name):
            setattr(new, name, getattr(func, name))
    return new  # type: ignore[return-value]


_COPIED = ("__doc__", "__module__", "__qualname__", "__type_params__")


def adopted(vm: VM, func: Callable[..., Any]) -> Callable[..., Any]:
    """Return what does as `func` does, its Python code run by the VM.

    Of a class that is `__init__`, if Python makes its instances in the plain way. What
    is not Python is returned as it is: what it calls back was made by whoever made it.
    """
    if isinstance(func, FunctionType):
        return vm.function(original(func))
    if isinstance(func, MethodType):
        return MethodType(adopted(vm, func.__func__), func.__self__)
    if isinstance(func, type):
        return _maker(vm, func)
    dunder = getattr(type(func), "__call__", None)
    if isinstance(dunder, FunctionType):
        return MethodType(adopted(vm, dunder), func)
    return func


def _maker(vm: VM, cls: type) -> Callable[..., Any]:
    init, new = getattr(cls, "__init__"), getattr(cls, "__new__")
    is_plain = type(cls).__call__ is type.__call__ and new is object.__new__
    if not (is_plain and isinstance(init, FunctionType)):
        return cls
    run_init = adopted(vm, init)

    def make(*args: Any, **kwargs: Any) -> Any:
        instance: object = object.__new__(cls)
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
