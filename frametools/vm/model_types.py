"""What makes our classes look like the types of the host that they stand for."""

from __future__ import annotations

from gc import get_referents
from types import FunctionType, GenericAlias
from typing import TYPE_CHECKING, Any

from frametools.vm._builtins import (
    AttributeError,
    TypeError,
    classmethod,
    dict,
    getattr,
    id,
    isinstance,
    property,
    str,
    tuple,
    type,
)
from frametools.vm.calling import LOOKASIDES, lookaside
from frametools.vm.frame import NULL
from frametools.vm.frame_object import MODEL_TYPES, NO_MODULE

if TYPE_CHECKING:
    from collections.abc import Callable


class Model(type):
    """The type of such classes: abstract base classes judge them by the host's type."""

    @property
    def __mro__(cls) -> tuple[type, ...]:  # noqa: N805
        """As `Awaitable.__subclasshook__` and its kin see it."""
        host = MODEL_TYPES.get(id(cls))
        return tuple(type.mro(cls)) if host is None else host.__mro__


class Getter:
    """An attribute that cannot be written, worded as the host's descriptors are."""

    __slots__ = ("_get", "_is_member", "_name")

    def __init__(
        self, name: str, get: Callable[[Any], Any], is_member: bool = False
    ) -> None:
        self._name = name
        self._get = get
        self._is_member = is_member

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        return self if instance is None else self._get(instance)

    def __set__(self, instance: Any, value: Any) -> None:
        if self._is_member:
            raise AttributeError("readonly attribute")
        name = type(instance).__name__
        raise AttributeError(
            f"attribute {self._name!r} of {name!r} objects is not writable"
        )

    def __delete__(self, instance: Any) -> None:
        self.__set__(instance, None)


class Name:
    """`__name__` or `__qualname__` of a generator: a string, and nothing else."""

    __slots__ = ("_name", "_slot")

    def __init__(self, name: str, slot: Any) -> None:
        self._name = name
        self._slot = slot

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        return self if instance is None else self._slot.__get__(instance)

    def __set__(self, instance: Any, value: Any) -> None:
        if not isinstance(value, str):
            raise TypeError(f"{self._name} must be set to a string object")
        self._slot.__set__(instance, value)

    def __delete__(self, instance: Any) -> None:
        self.__set__(instance, None)


def publish(model: Any, host: type, **attributes: Any) -> None:
    """Finish a class: it stands for `host`, and has these attributes."""
    namespace = get_referents(model.__dict__)[0]
    assert type(namespace) is dict
    for name, value in attributes.items():
        # Not with setattr: `model.__qualname__ = x` would rename the class.
        namespace[name] = value
    namespace["__class__"] = property(lambda self: host)  # noqa: ARG005
    if "__class_getitem__" in host.__dict__:
        namespace["__class_getitem__"] = classmethod(GenericAlias)
    model.__module__ = NO_MODULE  # which also tells the class that it has changed
    MODEL_TYPES[id(model)] = host
    for name, theirs in host.__dict__.items():
        ours = getattr(model, name, None)
        if isinstance(ours, FunctionType):
            ours.__doc__ = theirs.__doc__
            _answer(theirs, model, name)


def _answer(descriptor: Any, model: type, name: str) -> None:
    """Let `type(gen).send(gen, value)` do, whose function is the host's."""

    def answer(_frame: Any, args: list[Any], kwargs: dict[str, Any]) -> Any:
        if not args or type(args[0]) is not model:
            return before(_frame, args, kwargs)
        return getattr(args[0], name)(*args[1:], **kwargs)

    entry = LOOKASIDES.get(id(descriptor))
    before: Any = _natively if entry is None else entry[1]
    lookaside(descriptor)(answer)


def _natively(_frame: Any, _args: list[Any], _kwargs: dict[str, Any]) -> Any:
    return NULL
