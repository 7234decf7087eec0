"""Names: of modules and classes, globals, builtins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from frametools._python import HAS_LAZY_IMPORTS
from frametools.vm._builtins import (
    BaseException,
    KeyError,
    NameError,
    SystemError,
    dict,
    type,
)
from frametools.vm.frame import NULL
from frametools.vm.host_instruction import perform_in
from frametools.vm.instruction import inst

if TYPE_CHECKING:
    from typing import NoReturn

    from frametools.vm.code import Code, Instruction
    from frametools.vm.frame import InterpreterFrame
    from frametools.vm.instruction import Handler

    Frame = InterpreterFrame
    Stack = list[Any]

_get = dict.get
_set = dict.__setitem__
_delete = dict.__delitem__

if HAS_LAZY_IMPORTS:
    from types import LazyImportType  # type: ignore[attr-defined,unused-ignore]
else:
    LazyImportType = None


def name_of(code: Code, instruction: Instruction) -> str:
    """Prepare the name that the oparg numbers."""
    return code.co.co_names[instruction.oparg]


def name_above_bit(code: Code, instruction: Instruction) -> str:
    """Prepare the name that the oparg numbers above its lowest bit."""
    return code.co.co_names[instruction.oparg >> 1]


def raise_undefined(name: str) -> NoReturn:
    """Raise the error of a name that nothing defines."""
    raise NameError(f"name '{name:.200}' is not defined", name=name)


def mapped(mapping: Any, name: str) -> Any:
    """Return an item, or NULL: `PyMapping_GetOptionalItem`."""
    if type(mapping) is dict:
        return mapping.get(name, NULL)
    try:
        return mapping[name]
    except KeyError:
        return NULL


# Globals


def load_from_globals(frame: Frame, name: str) -> Any:
    """Return a global or builtin, by the mappings' own lookup."""
    value = mapped(frame.f_globals, name)
    if value is NULL:
        value = mapped(frame.f_builtins, name)
        if value is NULL:
            raise_undefined(name)
    if LazyImportType is not None and type(value) is LazyImportType:
        return perform_in(frame.f_globals, "LOAD_GLOBAL", 0, name=name)
    return value


def _choose_global(_code: Code, instruction: Instruction) -> Handler | None:
    return None if instruction.oparg & 1 else load_global


@inst("LOAD_GLOBAL", "-- res, null[oparg & 1]", name_above_bit)
def load_global(frame: Frame, stack: Stack, name: str) -> None:
    """Push a global or builtin."""
    scope = frame.f_globals
    if type(scope) is dict:
        value = scope.get(name, NULL)
        if value is NULL:
            value = load_from_globals(frame, name)
    else:
        value = load_from_globals(frame, name)
    stack.append(value)


@inst("LOAD_GLOBAL", "-- res, null[oparg & 1]", name_above_bit, _choose_global)
def load_global_push_null(frame: Frame, stack: Stack, name: str) -> None:
    """Push a global or builtin, and NULL: it will be called."""
    scope = frame.f_globals
    if type(scope) is dict:
        value = scope.get(name, NULL)
        if value is NULL:
            value = load_from_globals(frame, name)
    else:
        value = load_from_globals(frame, name)
    stack.append(value)
    stack.append(NULL)


@inst("LOAD_GLOBAL", "-- null[oparg & 1], res", name_above_bit, _choose_global)
def load_global_null_first(frame: Frame, stack: Stack, name: str) -> None:
    """Push NULL and a global or builtin: it will be called."""
    scope = frame.f_globals
    if type(scope) is dict:
        value = scope.get(name, NULL)
        if value is NULL:
            value = load_from_globals(frame, name)
    else:
        value = load_from_globals(frame, name)
    stack.append(NULL)
    stack.append(value)


def _choose_global_lazy(_code: Code, instruction: Instruction) -> Handler | None:
    return None if instruction.oparg & 1 else load_global_maybe_lazy


@inst("LOAD_GLOBAL", "-- res, null[oparg & 1]", name_above_bit)
def load_global_maybe_lazy(frame: Frame, stack: Stack, name: str) -> None:
    """Push a global or builtin; if its import was lazy, import it."""
    scope = frame.f_globals
    if type(scope) is dict:
        value = scope.get(name, NULL)
        if value is NULL or type(value) is LazyImportType:
            value = load_from_globals(frame, name)
    else:
        value = load_from_globals(frame, name)
    stack.append(value)


@inst("LOAD_GLOBAL", "-- res, null[oparg & 1]", name_above_bit, _choose_global_lazy)
def load_global_maybe_lazy_push_null(frame: Frame, stack: Stack, name: str) -> None:
    """Push a global or builtin, imported if that was lazy, and NULL."""
    load_global_maybe_lazy(frame, stack, name)
    stack.append(NULL)


@inst("STORE_GLOBAL", "value --", name_of)
def store_global(frame: Frame, stack: Stack, name: str) -> None:
    """Bind a global. What a subclass of dict overrides is not asked."""
    _set(frame.f_globals, name, stack.pop())


@inst("DELETE_GLOBAL", "--", name_of)
def delete_global(frame: Frame, _stack: Stack, name: str) -> None:
    """Unbind a global."""
    try:
        _delete(frame.f_globals, name)
    except KeyError:
        pass
    else:
        return
    raise_undefined(name)


# Names of a module or class body


def _locals(frame: Frame, what: str) -> Any:
    namespace = frame.f_locals
    if namespace is None:
        raise SystemError(what)
    return namespace


@inst("LOAD_NAME", "-- value", name_of)
def load_name(frame: Frame, stack: Stack, name: str) -> None:
    """Push what the namespace, or else the globals or builtins, have by a name."""
    namespace = frame.f_locals
    if type(namespace) is dict:
        value = namespace.get(name, NULL)
    else:
        value = mapped(_locals(frame, f"no locals when loading {name!r}"), name)
    if value is NULL:
        value = load_from_scopes(frame, name)
    elif LazyImportType is not None and type(value) is LazyImportType:
        value = imported(frame, name, value)
    stack.append(value)


def load_from_scopes(frame: Frame, name: str) -> Any:
    """Return a global, whatever a subclass of dict overrides, or a builtin."""
    value = _get(frame.f_globals, name, NULL)
    if value is NULL:
        value = mapped(frame.f_builtins, name)
        if value is NULL:
            raise_undefined(name)
    if LazyImportType is not None and type(value) is LazyImportType:
        return imported(frame, name, value)
    return value


def imported(frame: Frame, name: str, lazy: Any) -> Any:
    """Carry out a lazy import that a name stands for."""
    if _get(frame.f_globals, name, NULL) is lazy:
        return perform_in(frame.f_globals, "LOAD_GLOBAL", 0, name=name)
    return lazy.resolve()


@inst("STORE_NAME", "v --", name_of)
def store_name(frame: Frame, stack: Stack, name: str) -> None:
    """Bind a name in the namespace."""
    value = stack.pop()
    namespace = frame.f_locals
    if namespace is None:
        raise SystemError(f"no locals found when storing {name!r}")
    namespace[name] = value


@inst("DELETE_NAME", "--", name_of)
def delete_name(frame: Frame, _stack: Stack, name: str) -> None:
    """Unbind a name in the namespace; any error in that is a NameError."""
    namespace = _locals(frame, f"no locals when deleting {name!r}")
    try:
        del namespace[name]
    except BaseException:
        pass
    else:
        return
    raise_undefined(name)


@inst("LOAD_FROM_DICT_OR_GLOBALS", "mod_or_class_dict -- v", name_of)
def load_from_dict_or_globals(frame: Frame, stack: Stack, name: str) -> None:
    """Replace a namespace by what it, or else the globals or builtins, have."""
    value = mapped(stack[-1], name)
    if value is NULL:
        value = load_from_scopes(frame, name)
    elif LazyImportType is not None and type(value) is LazyImportType:
        value = imported(frame, name, value)
    stack[-1] = value


@inst("LOAD_FROM_DICT_OR_GLOBALS", "mod_or_class_dict -- v", name_of)
def load_from_dict_or_any_globals(frame: Frame, stack: Stack, name: str) -> None:
    """Replace a namespace by what it, or else the globals or builtins, have.

    Globals that are no plain dict are asked in their own way: `annotationlib` does so.
    """
    value = mapped(stack[-1], name)
    if value is NULL:
        value = load_from_globals(frame, name)
    elif LazyImportType is not None and type(value) is LazyImportType:
        value = imported(frame, name, value)
    stack[-1] = value


@inst("LOAD_LOCALS", "-- locals")
def load_locals(frame: Frame, stack: Stack, _oparg: int) -> None:
    """Push the namespace."""
    stack.append(_locals(frame, "no locals"))


@inst("LOAD_BUILD_CLASS", "-- bc")
def load_build_class(frame: Frame, stack: Stack, _oparg: int) -> None:
    """Push `__build_class__`."""
    value = mapped(frame.f_builtins, "__build_class__")
    if value is NULL:
        raise NameError("__build_class__ not found")
    stack.append(value)


@inst("SETUP_ANNOTATIONS", "--")
def setup_annotations(frame: Frame, _stack: Stack, _oparg: int) -> None:
    """Put `__annotations__` into the namespace if it has none."""
    namespace = _locals(frame, "no locals found when setting up annotations")
    if mapped(namespace, "__annotations__") is NULL:
        namespace["__annotations__"] = {}
