"""FrameLocalsProxy: `f_locals` of a function, from 3.13, as PEP 667 has it.

Reading and writing a variable reads and writes the frame's `localsplus`; other keys are
kept in the frame's `FrameData.extra_locals`. Variables cannot be removed.
"""

from __future__ import annotations

import _collections_abc
import sys
from typing import TYPE_CHECKING, Any, NoReturn, Self

from frametools.vm import frame_locals, frame_object
from frametools.vm._builtins import (
    KeyError,
    NotImplemented,
    TypeError,
    ValueError,
    dict,
    dir,
    hash,
    id,
    isinstance,
    iter,
    len,
    list,
    object,
    property,
    repr,
    sorted,
    str,
    type,
)
from frametools.vm.frame import NULL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from frametools.vm.frame import InterpreterFrame


def _host_proxy() -> type:
    return type(sys._getframe().f_locals)


HOST_PROXY = _host_proxy()
_CAN_REMOVE_EXTRA = hasattr(HOST_PROXY, "pop")
"""Keys that are no variables can be removed: 3.14, not 3.13.0 (gh-125590)."""

_running_reprs: set[int] = set()


class FrameLocalsProxy:
    """A write-through view of the variables of a frame.

    `data` is the frame object, which it keeps alive, as the host's does.
    """

    __slots__ = ("data",)

    data: Any

    def __new__(cls, *args: Any, **kwargs: Any) -> Self:
        """Make the proxy of a frame object."""
        if len(args) != 1:
            raise TypeError(f"FrameLocalsProxy expected 1 argument, got {len(args)}")
        if type(args[0]) is not frame_object.FrameObject:
            raise TypeError(f"expect frame, not {type(args[0]).__name__}")
        if kwargs:
            raise TypeError("FrameLocalsProxy takes no keyword arguments")
        self = object.__new__(cls)
        self.data = args[0]
        return self

    @property  # type: ignore[misc]
    def __class__(self) -> type:
        return HOST_PROXY

    __hash__ = None  # type: ignore[assignment]

    def _slot(self, key: Any, reading: bool) -> int:
        """Return the slot of a variable, -1 if `key` is none: `getkeyindex`."""
        hashed = hash(key)
        frame = self.data.f_frame
        for at, name, value in frame_locals.variables(frame):
            if hash(name) != hashed or name != key:
                continue
            if value is not NULL:
                return at
            if not reading and not frame_locals.is_hidden(frame.code, at):
                return at
        return -1

    @property
    def _extra(self) -> dict[Any, Any]:
        return self.data.data.extra_locals or {}

    def __getitem__(self, key: Any) -> Any:
        at = self._slot(key, reading=True)
        if at >= 0:
            return frame_locals.value_at(self.data.f_frame, at)
        value = self._extra.get(key, NULL)
        if value is NULL:
            raise KeyError(f"local variable '{key!r}' is not defined")
        return value

    def __setitem__(self, key: Any, value: Any) -> None:
        at = self._slot(key, reading=False)
        if at >= 0:
            frame_locals.set_value_at(self.data.f_frame, at, value)
            return
        data = self.data.data
        if data.extra_locals is None:
            data.extra_locals = {}
        data.extra_locals[key] = value

    def __delitem__(self, key: Any) -> None:
        if not _CAN_REMOVE_EXTRA:
            raise TypeError("cannot remove variables from FrameLocalsProxy")
        if self._slot(key, reading=False) >= 0:
            _keep()
        del self._extra[key]

    def __contains__(self, key: Any) -> bool:
        return self._slot(key, reading=True) >= 0 or key in self._extra

    def __len__(self) -> int:
        return len(self.keys())

    def __iter__(self) -> Iterator[Any]:
        return iter(self.keys())

    def __reversed__(self) -> Any:
        keys = self.keys()
        keys.reverse()
        return keys

    def keys(self) -> list[Any]:
        """Return the names that are bound, then the other keys."""
        found: list[Any] = [
            name for _at, name, value in self._variables() if value is not NULL
        ]
        found += self._extra
        return found

    def values(self) -> list[Any]:
        """Return their values."""
        found = [value for _at, _name, value in self._variables() if value is not NULL]
        found += self._extra.values()
        return found

    def items(self) -> list[tuple[Any, Any]]:
        """Return both."""
        found = [
            (name, value) for _at, name, value in self._variables() if value is not NULL
        ]
        found += self._extra.items()
        return found

    def _variables(self) -> Any:
        return frame_locals.variables(self.data.f_frame)

    def get(self, *args: Any) -> Any:
        """Return the value of a key, or the default."""
        if not 1 <= len(args) <= 2:
            raise TypeError("get expected 1 or 2 arguments")
        try:
            return self[args[0]]
        except KeyError:
            return args[1] if len(args) == 2 else None

    def setdefault(self, *args: Any) -> Any:
        """Return the value of a key, which it gets if it has none."""
        if not 1 <= len(args) <= 2:
            raise TypeError("setdefault expected 1 or 2 arguments")
        key = args[0]
        try:
            return self[key]
        except KeyError:
            value = self[key] = args[1] if len(args) == 2 else None
            return value

    if _CAN_REMOVE_EXTRA:

        def pop(self, *args: Any) -> Any:
            """Remove a key that is no variable."""
            if not args:
                raise TypeError("pop expected at least 1 argument, got 0")
            if len(args) > 2:
                raise TypeError(f"pop expected at most 2 arguments, got {len(args)}")
            if self._slot(args[0], reading=False) >= 0:
                _keep()
            return self._extra.pop(*args)

    def update(self, *args: Any, **kwargs: Any) -> None:
        """Set keys as another mapping has them."""
        if kwargs:
            raise TypeError("FrameLocalsProxy.update() takes no keyword arguments")
        if len(args) != 1:
            raise TypeError(
                "FrameLocalsProxy.update() takes exactly one argument "
                f"({len(args)} given)"
            )
        if not self._merge(args[0]):
            raise TypeError(
                "update() argument must be dict or another FrameLocalsProxy"
            )

    def _merge(self, other: Any) -> bool:
        if not isinstance(other, dict) and type(other) is not FrameLocalsProxy:
            return False
        for key in list(other.keys()):
            self[key] = other[key]
        return True

    def copy(self) -> dict[Any, Any]:
        """Return a dictionary of the present values."""
        return dict(self.items())

    def __or__(self, other: Any) -> Any:
        if not _is_mapping(other):
            return NotImplemented
        merged = self.copy()
        merged.update(other)
        return merged

    def __ror__(self, other: Any) -> Any:
        if not _is_mapping(other):
            return NotImplemented
        merged = dict(other)
        merged.update(self.items())
        return merged

    def __ior__(self, other: Any) -> Any:
        return self if self._merge(other) else NotImplemented

    def __eq__(self, other: object) -> Any:
        if type(other) is FrameLocalsProxy:
            return self.data.f_frame is other.data.f_frame
        if isinstance(other, dict):
            return self.copy() == other
        return NotImplemented

    def __repr__(self) -> str:
        if id(self.data) in _running_reprs:
            return "{...}"
        _running_reprs.add(id(self.data))
        try:
            return repr(self.copy())
        finally:
            _running_reprs.discard(id(self.data))

    def __dir__(self) -> list[str]:
        return sorted(dir(HOST_PROXY))

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("cannot pickle 'FrameLocalsProxy' object")

    __reduce__ = __reduce_ex__  # type: ignore[assignment]


def _is_mapping(other: object) -> bool:
    return isinstance(other, dict) or type(other) is FrameLocalsProxy


def _keep() -> NoReturn:
    raise ValueError("cannot remove local variables from FrameLocalsProxy")


def proxy_of(frame: InterpreterFrame) -> FrameLocalsProxy:
    """Return a new proxy of a frame."""
    return FrameLocalsProxy(frame_object.of(frame))


frame_locals.proxy_of.append(proxy_of)
FrameLocalsProxy.__module__ = frame_object.NO_MODULE
frame_object.MODEL_TYPES[id(FrameLocalsProxy)] = HOST_PROXY
# What `case {...}` asks is set by registering (Py_TPFLAGS_MAPPING).
if issubclass(HOST_PROXY, _collections_abc.Mapping):
    _collections_abc.Mapping.register(FrameLocalsProxy)
