"""How one object refers to another, in Python's words: `.error`, `[3]`.

No code of the program runs: attributes are read through C descriptors, never by
`getattr`, and compared by identity. A dict of attributes may be made on the way, where
the interpreter had kept the attributes in the object itself.
"""

from __future__ import annotations

import gc
import sys
from collections import deque
from types import (
    AsyncGeneratorType,
    BuiltinMethodType,
    CellType,
    CoroutineType,
    FrameType,
    FunctionType,
    GeneratorType,
    GetSetDescriptorType,
    MappingProxyType,
    MemberDescriptorType,
    MethodType,
    ModuleType,
    TracebackType,
)
from typing import TYPE_CHECKING, Any

from frametools._frame_values import frame_of, local_values
from frametools._safe_repr.classes import class_dict, mro, qualname

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

_type_name: Callable[[type], str] = type.__dict__["__name__"].__get__
_module_dict: Any = type.__dict__["__dict__"].__get__(ModuleType)["__dict__"].__get__

UNNAMED = "(?)"
"""The label of a reference that has no name in Python."""
_LONG = 40


def label(parent: object, child: object) -> str:
    """Return how `parent` refers to `child`, to be written behind its own name."""
    for kind in mro(type(parent)):
        find = _BY_TYPE.get(id(kind))
        if find is not None:
            found = find(parent, child)
            if found is not None:
                return found
    return _attribute(parent, child) or UNNAMED


def type_name(obj: object) -> str:
    """Return the name of an object's type."""
    return _type_name(type(obj))


def qualified_name(kind: type) -> str:
    """Return a class's name with its module: `app.Job`; no module for builtins."""
    module = class_dict(kind).get("__module__")
    name = qualname(kind)
    if type(module) is not str:
        module = module_of(kind)
    return (
        name if type(module) is not str or module == "builtins" else f"{module}.{name}"
    )


def module_of(kind: type) -> str:
    """Return the name of a class's module; "" if none is known.

    Types of C have it in their name, which only this getter tells; there is none for a
    class that was made where no `__name__` was.
    """
    try:
        found = type.__dict__["__module__"].__get__(kind)
    except AttributeError:
        return ""
    return found if type(found) is str else ""


def loaded(module: str, name: str) -> Any:
    """Return what a module has by a name; None if it is not loaded or has it not."""
    found = sys.modules.get(module)
    return module_dict(found).get(name) if is_module(found) else None


def is_exception(obj: object) -> bool:
    """Tell if an object is an exception."""
    return any(kind is BaseException for kind in mro(type(obj)))


def is_module(obj: object) -> bool:
    """Tell if an object is a module."""
    return any(kind is ModuleType for kind in mro(type(obj)))


def is_class(obj: object) -> bool:
    """Tell if an object is a class."""
    return any(kind is type for kind in mro(type(obj)))


def module_dict(module: Any) -> dict[str, Any]:
    """Return a module's namespace."""
    found: dict[str, Any] = _module_dict(module)
    return found


def attributes_of(obj: object) -> dict[str, Any] | None:
    """Return the dict of an object's attributes; None if it has none."""
    for kind in mro(type(obj)):
        descriptor: Any = class_dict(kind).get("__dict__")
        # types.SimpleNamespace has a member.
        kind_of = type(descriptor)
        if kind_of is GetSetDescriptorType or kind_of is MemberDescriptorType:
            try:
                found = descriptor.__get__(obj)
            except Exception:
                return None
            return found if type(found) is dict else None
    return None


def slots_of(obj: object) -> Iterator[tuple[str, object]]:
    """Yield the names and values of an object's slots, and C members."""
    for kind in mro(type(obj)):
        for name, descriptor in class_dict(kind).items():
            if type(descriptor) is MemberDescriptorType:
                try:
                    yield name, descriptor.__get__(obj)
                except Exception:
                    continue


def key_label(key: object) -> str:
    """Write a key in brackets, if it is of a type whose repr is Python's own."""
    return f"[{_shown(key)}]"


def attribute_label(name: object) -> str:
    """Write an attribute's name; what is no plain text is written as a key is."""
    return f".{name}" if type(name) is str else key_label(name)


def has_labels_of_its_own(kind: type) -> bool:
    """Tell if references from what is of a type are named before its attributes are."""
    return id(kind) in _BY_TYPE


def _shown(value: object, depth: int = 2) -> str:
    kind = type(value)
    if kind is int and int.bit_length(value) > 128:  # type: ignore[arg-type]
        return "<int>"  # 3.11 refuses to write 4,300 digits
    if kind is str or kind is bytes or kind is int or kind is float:
        text = repr(value[:_LONG] if kind in (str, bytes) else value)  # type: ignore[index]
        return text if len(text) <= _LONG else text[: _LONG - 3] + "..."
    if value is None or kind is bool:
        return repr(value)
    if kind is tuple and depth:
        inside = ", ".join(_shown(item, depth - 1) for item in value[:4])  # type: ignore[index]
        return f"({inside},)" if len(value) == 1 else f"({inside})"  # type: ignore[arg-type]
    return f"<{type_name(value)}>"


# --- by type; None where it is not among what the type itself has ---


def _of_dict(parent: dict[Any, Any], child: object) -> str | None:
    try:
        for key, value in dict.items(parent):  # a copy of a million takes long
            if value is child:
                return key_label(key)
    except RuntimeError:  # another thread has changed it
        return None
    return " (a key)" if any(key is child for key in list(dict.keys(parent))) else None


def _of_proxy(_parent: object, _child: object) -> str:
    return ""  # its mapping, which may be the program's


def _of_sequence(parent: Iterable[object], child: object) -> str | None:
    # list.__iter__ and its like: a subclass may have one of its own.
    for index, item in enumerate(items_of(parent)):
        if item is child:
            return f"[{index}]"
    return None


def items_of(parent: Any) -> list[object]:
    """Return what a list, tuple, deque or another sequence of C has."""
    for kind in (list, tuple, deque):
        if any(base is kind for base in mro(type(parent))):
            return list(kind.__iter__(parent))
    return gc.get_referents(parent)


def _of_set(_parent: object, _child: object) -> str:
    return " (an element)"


def _of_exception(parent: BaseException, child: object) -> str | None:
    for name in ("__traceback__", "__cause__", "__context__", "args"):
        if _EXCEPTION[name](parent) is child:
            return f".{name}"
    for index, item in enumerate(_EXCEPTION["args"](parent)):
        if item is child:
            return f".args[{index}]"
    return None


_EXCEPTION: dict[str, Any] = {
    name: BaseException.__dict__[name].__get__
    for name in ("__traceback__", "__cause__", "__context__", "args")
}


def carried_by(error: BaseException) -> list[Any]:
    """Return an exception's traceback, cause, context, and members of a group."""
    found = [_EXCEPTION[name](error) for name in _CARRIED]
    if any(kind is BaseExceptionGroup for kind in mro(type(error))):
        found += BaseExceptionGroup.__dict__["exceptions"].__get__(error)
    return found


_CARRIED = ("__traceback__", "__cause__", "__context__")


def _of_group(parent: BaseException, child: object) -> str | None:
    members = BaseExceptionGroup.__dict__["exceptions"].__get__(parent)
    if members is child:
        return ".exceptions"
    found = _of_sequence(members, child)
    return None if found is None else f".exceptions{found}"


def _of_traceback(parent: TracebackType, child: object) -> str | None:
    if parent.tb_next is child:
        return ".tb_next"
    return ".tb_frame" if parent.tb_frame is child else None


def _of_frame(parent: FrameType, child: object) -> str | None:
    if parent.f_back is child:
        return ".f_back"
    if parent.f_trace is child:
        return ".f_trace"
    for name, value in local_values(parent):
        if value is child:
            return f".f_locals[{name!r}]"
    return None


def _of_generator(parent: Any, child: object) -> str | None:
    frame = frame_of(parent)
    short = _PREFIX[id(type(parent))]
    if frame is None:
        return None
    if frame is child:
        return f".{short}_frame"
    for name, value in local_values(frame):
        if value is child:
            return f".{short}_frame.f_locals[{name!r}]"
    if is_exception(child):
        return " (the exception it handles)"
    return None


_PREFIX = {
    id(GeneratorType): "gi",
    id(CoroutineType): "cr",
    id(AsyncGeneratorType): "ag",
}


def _of_function(parent: Any, child: object) -> str | None:
    for name in ("__closure__", "__defaults__", "__kwdefaults__", "__dict__"):
        if getattr(parent, name) is child:
            return f".{name}"
    cells = parent.__closure__ or ()
    names = parent.__code__.co_freevars
    for name, cell in zip(names, cells, strict=False):
        if cell is child:
            return f".__closure__ {name!r}"
    return None


def _of_cell(_parent: object, _child: object) -> str:
    return ".cell_contents"


def _of_method(parent: MethodType, child: object) -> str:
    return ".__self__" if parent.__self__ is child else ".__func__"


def _of_class(parent: type, child: object) -> str | None:
    for name, value in list(class_dict(parent).items()):
        if value is child:
            return attribute_label(name)
    return None


def _of_module(parent: ModuleType, child: object) -> str | None:
    for name, value in list(_module_dict(parent).items()):
        if value is child:
            return attribute_label(name)
    return None


def _attribute(parent: object, child: object) -> str | None:
    """Name an attribute: in the object's dict or a slot."""
    found = attributes_of(parent)
    if found is not None:
        if found is child:
            return ".__dict__"
        for name, value in list(found.items()):
            if value is child:
                return attribute_label(name)
    for name, value in slots_of(parent):
        if value is child:
            return f".{name}"
    return _by_getter(parent, child)


_GETTERS = {
    "_asyncio": ("_exception", "_result", "_coro"),
    "functools": ("func", "args", "keywords"),
}


def _by_getter(parent: object, child: object) -> str | None:
    """Name what C types of the standard library have behind getters."""
    for kind in mro(type(parent)):
        for name in _GETTERS.get(module_of(kind), ()):
            descriptor = class_dict(kind).get(name)
            if type(descriptor) is GetSetDescriptorType:
                try:
                    if descriptor.__get__(parent) is child:
                        return f".{name}"
                except Exception:
                    continue
    return None


_BY_TYPE: dict[int, Callable[[Any, Any], str | None]] = {
    id(dict): _of_dict,
    id(MappingProxyType): _of_proxy,
    id(list): _of_sequence,
    id(tuple): _of_sequence,
    id(deque): _of_sequence,
    id(set): _of_set,
    id(frozenset): _of_set,
    id(BaseExceptionGroup): _of_group,
    id(BaseException): _of_exception,
    id(TracebackType): _of_traceback,
    id(FrameType): _of_frame,
    id(GeneratorType): _of_generator,
    id(CoroutineType): _of_generator,
    id(AsyncGeneratorType): _of_generator,
    id(FunctionType): _of_function,
    id(CellType): _of_cell,
    id(MethodType): _of_method,
    id(BuiltinMethodType): _of_method,
    id(type): _of_class,
    id(ModuleType): _of_module,
}
"""By id of the type, for it and what is derived from it."""
