"""Generators, coroutines and asynchronous generators: our classes, by one import."""

from __future__ import annotations

from types import CoroutineType, GeneratorType
from typing import Any

from frametools._python import SAYS_CANNOT_BE_AWAITED, SAYS_MUST_RETURN_ITERATOR
from frametools._safe_repr.classes import of_class
from frametools.vm._builtins import (
    RuntimeError,
    TypeError,
    frozenset,
    getattr,
    id,
    iter,
    map,
    type,
)
from frametools.vm.async_generator import (
    WrappedValue,
    async_generator,
    async_generator_asend,
    async_generator_athrow,
)
from frametools.vm.coroutine import coroutine, coroutine_wrapper
from frametools.vm.frame import NULL, InterpreterFrame
from frametools.vm.frame_object import MODEL_TYPES
from frametools.vm.generator import Resumable, generator, iterable_coroutine
from frametools.vm.resumption import FrameState, finish, leave, resume

__all__ = [
    "MODEL_TYPES",
    "FrameState",
    "Resumable",
    "WrappedValue",
    "async_generator",
    "async_generator_asend",
    "async_generator_athrow",
    "coroutine",
    "coroutine_wrapper",
    "finish",
    "generator",
    "get_awaitable_iter",
    "get_yield_from_iter",
    "iterable_coroutine",
    "leave",
    "new_resumable",
    "resume",
]

CO_COROUTINE, CO_ITERABLE_COROUTINE, CO_ASYNC_GENERATOR = 0x80, 0x100, 0x200

_COROUTINES = frozenset(map(id, (coroutine, CoroutineType)))
_GENERATORS = frozenset(map(id, (generator, iterable_coroutine, GeneratorType)))
"""Ids of types: to compare a class with others may run its metaclass's `__eq__`."""


def new_resumable(frame: InterpreterFrame) -> Resumable:
    """Make the object of a frame at its RETURN_GENERATOR: `_Py_MakeCoro`."""
    flags = frame.code.co.co_flags
    if flags & CO_COROUTINE:
        return coroutine(frame)
    if flags & CO_ASYNC_GENERATOR:
        return async_generator(frame)
    if flags & CO_ITERABLE_COROUTINE:
        return iterable_coroutine(frame)
    return generator(frame)


def get_yield_from_iter(frame: InterpreterFrame, iterable: Any) -> Any:
    """Return what `yield from` delegates to: GET_YIELD_FROM_ITER."""
    kind = type(iterable)
    if id(kind) in _COROUTINES:
        if not frame.code.co.co_flags & (CO_COROUTINE | CO_ITERABLE_COROUTINE):
            raise TypeError(
                "cannot 'yield from' a coroutine object in a non-coroutine generator"
            )
        return iterable
    return iterable if id(kind) in _GENERATORS else iter(iterable)


def is_awaitable_generator(awaitable: Any) -> bool:
    """Say if it is a generator that `types.coroutine` made a coroutine of."""
    return (
        id(type(awaitable)) in _GENERATORS
        and awaitable.gi_code.co_flags & CO_ITERABLE_COROUTINE
    )


def get_awaitable_iter(awaitable: Any) -> Any:
    """Return the iterator that `await` delegates to: `_PyCoro_GetAwaitableIter`."""
    if id(type(awaitable)) in _COROUTINES or is_awaitable_generator(awaitable):
        return awaitable
    method = special(awaitable, "__await__")
    kind = type(awaitable).__name__
    if method is NULL:
        if SAYS_CANNOT_BE_AWAITED:
            raise TypeError(f"{kind!r} object can't be awaited")
        raise TypeError(f"object {kind} can't be used in 'await' expression")
    found = method()
    is_coroutine = id(type(found)) in _COROUTINES or is_awaitable_generator(found)
    if not is_coroutine and special(found, "__next__") is not NULL:
        return found
    if SAYS_MUST_RETURN_ITERATOR:
        raise TypeError(
            f"{_full_name(type(awaitable))}.__await__() must return an iterator, "
            f"not {_full_name(type(found))}"
        )
    if is_coroutine:
        raise TypeError("__await__() returned a coroutine")
    found_kind = type(found).__name__
    raise TypeError(f"__await__() returned non-iterator of type {found_kind!r}")


def _full_name(kind: type) -> str:
    """Name a type as `%T` does: `PyType_GetFullyQualifiedName`."""
    module = kind.__module__
    name = kind.__qualname__
    return name if module in ("builtins", "__main__") else f"{module}.{name}"


def special(owner: Any, name: str) -> Any:
    """Look a special method up on the type, and bind it; NULL if there is none."""
    kind = type(owner)
    found = of_class(kind, name, NULL)
    bind = None if found is NULL else getattr(type(found), "__get__", None)
    return found if bind is None else bind(found, owner, kind)


def is_method(found: Any) -> bool:
    """Say if what a class has is pushed unbound when it is called of an instance."""
    flags: int = _flags(type(found))
    return flags & _METHOD_DESCRIPTOR != 0


_flags = type.__dict__["__flags__"].__get__
_METHOD_DESCRIPTOR = 1 << 17
"""Py_TPFLAGS_METHOD_DESCRIPTOR: functions, methods of C, what lru_cache makes."""


def check_not_awaited(iterator: Any) -> None:
    """Refuse a coroutine that is being awaited already."""
    if id(type(iterator)) in _COROUTINES and iterator.cr_await is not None:
        raise RuntimeError("coroutine is being awaited already")
