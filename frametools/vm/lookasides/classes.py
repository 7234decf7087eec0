"""__build_class__, and super() without arguments."""

from __future__ import annotations

import builtins
from types import CellType, FunctionType
from typing import TYPE_CHECKING, Any

from frametools.vm._builtins import (
    RuntimeError,
    TypeError,
    ValueError,
    dict,
    getattr,
    hasattr,
    id,
    isinstance,
    len,
    str,
    super,
    tuple,
    type,
)
from frametools.vm.calling import lookaside
from frametools.vm.frame import NULL
from frametools.vm.frame_locals import value_at
from frametools.vm.nested import run

if TYPE_CHECKING:
    from frametools.vm.frame import InterpreterFrame

_is_subtype = type.__subclasscheck__
"""`_is_subtype(a, b)`: b is a subclass of a, whatever their metaclasses say."""

_CONFLICT = (
    "metaclass conflict: the metaclass of a derived class must be a (non-strict) "
    "subclass of the metaclasses of all its bases"
)


@lookaside(builtins.__build_class__)
def answer_build_class(
    frame: InterpreterFrame, args: list[Any], kwargs: dict[str, Any]
) -> Any:
    """__build_class__(func, name, *bases, metaclass=..., **kwargs).

    The class body runs in a frame whose f_locals is what `__prepare__` returned.
    """
    if len(args) < 2 or type(args[0]) is not FunctionType:
        return NULL
    if not isinstance(args[1], str):
        return NULL
    func: Any = args[0]
    name: str = args[1]
    vm = frame.thread.vm
    code: Any = vm.codes.get(id(func.__code__), NULL)
    if code is NULL:
        code = vm.adopt(func)
    if code is None:
        return NULL
    # What follows may call C code that looks at what is being handled.
    tell_host = frame.thread.tell_host
    tell_host()
    given = tuple(args[2:])
    bases = _update_bases(given)
    keywords = dict(kwargs)
    meta = _metaclass(bases, keywords)
    namespace = _prepare(meta, name, bases, keywords)
    cell = run(frame, code, func, func.__globals__, func.__builtins__, namespace)
    if bases is not given:
        namespace["__orig_bases__"] = given
    tell_host()
    cls = meta(name, bases, namespace, **keywords)
    if isinstance(cls, type) and type(cell) is CellType:
        _check_class_cell(cell, cls, name)
    return cls


def _update_bases(given: tuple[Any, ...]) -> tuple[Any, ...]:
    """Replace bases that are no classes by their `__mro_entries__` (PEP 560)."""
    bases: list[Any] = []
    is_same = True
    for base in given:
        entries: Any = NULL
        if not isinstance(base, type):
            entries = getattr(base, "__mro_entries__", NULL)
        if entries is NULL:
            bases.append(base)
            continue
        replaced = entries(given)
        if not isinstance(replaced, tuple):
            raise TypeError("__mro_entries__ must return a tuple")
        bases += replaced
        is_same = False
    return given if is_same else tuple(bases)


def _metaclass(bases: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    """Return the most derived metaclass: `_PyType_CalculateMetaclass`."""
    meta = keywords.pop("metaclass", NULL)
    if meta is NULL:
        meta = type(bases[0]) if bases else type
    elif not isinstance(meta, type):
        return meta
    for base in bases:
        kind = type(base)
        if _is_subtype(kind, meta):
            continue
        if not _is_subtype(meta, kind):
            raise TypeError(_CONFLICT)
        meta = kind
    return meta


def _prepare(
    meta: Any, name: str, bases: tuple[Any, ...], keywords: dict[str, Any]
) -> Any:
    """Return the namespace of the class body."""
    prepare: Any = getattr(meta, "__prepare__", NULL)
    namespace = {} if prepare is NULL else prepare(name, bases, **keywords)
    if not hasattr(type(namespace), "__getitem__"):
        said = meta.__name__ if isinstance(meta, type) else "<metaclass>"
        raise TypeError(
            f"{said}.__prepare__() must return a mapping, "
            f"not {type(namespace).__name__}"
        )
    return namespace


def _check_class_cell(cell: CellType, cls: type, name: str) -> None:
    """See that `type.__new__` has set `__class__` of the methods."""
    try:
        found = cell.cell_contents
    except ValueError:
        raise RuntimeError(
            f"__class__ not set defining {name!r} as {cls!r}. "
            "Was __classcell__ propagated to type.__new__?"
        ) from None
    if found is not cls:
        raise TypeError(f"__class__ set to {found!r} defining {name!r} as {cls!r}")


@lookaside(builtins.super)
def answer_super(
    frame: InterpreterFrame, args: list[Any], kwargs: dict[str, Any]
) -> Any:
    """super(): of `__class__` and the first argument; `super_init_without_args`."""
    if args or kwargs:
        return NULL
    if frame.code.co.co_argcount == 0:
        raise RuntimeError("super(): no arguments")
    first = value_at(frame, 0)
    if first is NULL:
        raise RuntimeError("super(): arg[0] deleted")
    return super(_class_of(frame), first)


def _class_of(frame: InterpreterFrame) -> type:
    code = frame.code
    if "__class__" not in code.co.co_freevars:
        raise RuntimeError("super(): __class__ cell not found")
    cell = frame.localsplus[code.localsplusnames.index("__class__")]
    if type(cell) is not CellType:
        raise RuntimeError("super(): bad __class__ cell")
    try:
        found = cell.cell_contents
    except ValueError:
        raise RuntimeError("super(): empty __class__ cell") from None
    if not isinstance(found, type):
        raise RuntimeError(f"super(): __class__ is not a type ({type(found).__name__})")
    return found
