"""What kind of reference holds something: the nearest on the way that has a name.

app.pool.errors[0]      list, then attribute of Pool:   instance attribute of app.Pool
app.saved[0]            list, then namespace of app:    module global
"""

from __future__ import annotations

from types import (
    AsyncGeneratorType,
    BuiltinMethodType,
    CellType,
    CoroutineType,
    FrameType,
    FunctionType,
    GeneratorType,
    MethodDescriptorType,
    MethodType,
)
from typing import TYPE_CHECKING, Any

from frametools._frame_values import frame_of
from frametools._safe_repr.classes import mro
from frametools.retention.holders.edges import (
    UNNAMED,
    attributes_of,
    is_class,
    is_module,
    loaded,
    qualified_name,
    type_name,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from frametools.retention.holders.labelling import Labels


def kind_of_way(nodes: Sequence[Any], label: Labels) -> str:
    """Say what refers to the last node: "" if nothing on the way has a name."""
    for index in range(len(nodes) - 2, -1, -1):
        found = _kind_of(nodes, index, label)
        if found:
            return found
    return ""


def _kind_of(nodes: Sequence[Any], index: int, label: Labels) -> str:
    """Name the kind of the reference from one node; "" for those of containers."""
    parent = nodes[index]
    if is_module(parent):
        return ""
    for kind in mro(type(parent)):
        describe = _BY_TYPE.get(id(kind))
        if describe is not None:
            return describe(nodes, index)
    for module, name, describe_library in _LIBRARY:
        if is_a(parent, module, name):
            return describe_library(parent)
    name = type_name(parent)
    if name.startswith(_PLUMBING) or label(parent, nodes[index + 1]) == UNNAMED:
        return ""
    return f"instance attribute of {qualified_name(type(parent))}"


_PLUMBING = ("hamt", "Context", "deque", "OrderedDict", "mappingproxy", "partial")


def is_a(obj: object, module: str, name: str) -> bool:
    """Tell if an object is of a class that a module, if it is loaded, has by a name."""
    wanted = loaded(module, name)
    return any(base is wanted for base in mro(type(obj)))


# --- what the interpreter has ---


def _nothing(_nodes: Sequence[Any], _index: int) -> str:
    return ""


def _of_frame(nodes: Sequence[Any], index: int) -> str:
    return f"local of {_code_name(nodes[index])}, kept itself"


def _of_generator(nodes: Sequence[Any], index: int) -> str:
    word = _WORDS[id(type(nodes[index]))]
    return f"local of suspended {word} {_code_name(frame_of(nodes[index]))}"


_WORDS = {
    id(GeneratorType): "generator",
    id(CoroutineType): "coroutine",
    id(AsyncGeneratorType): "async generator",
}


def _code_name(frame: FrameType | None) -> str:
    if frame is None:
        return "a generator"
    code = frame.f_code
    return (
        f"{code.co_qualname} ({code.co_filename.rpartition('/')[2]}:{frame.f_lineno})"
    )


def _of_function(nodes: Sequence[Any], index: int) -> str:
    return f"attribute of function {nodes[index].__qualname__}"


def _of_cell(nodes: Sequence[Any], index: int) -> str:
    for node in reversed(nodes[:index]):
        if type(node) is FunctionType:
            return f"closure of function {node.__qualname__}"
    return "closure variable"


def _of_exception(nodes: Sequence[Any], index: int) -> str:
    return f"another exception, {qualified_name(type(nodes[index]))}"


def _of_class(nodes: Sequence[Any], index: int) -> str:
    parent = nodes[index]
    return f"class attribute of {qualified_name(parent)}" if is_class(parent) else ""


_CONTAINERS = (MethodType, BuiltinMethodType, dict, list, tuple, set, frozenset)
_BY_TYPE: dict[int, Callable[[Sequence[Any], int], str]] = {
    id(FrameType): _of_frame,
    id(GeneratorType): _of_generator,
    id(CoroutineType): _of_generator,
    id(AsyncGeneratorType): _of_generator,
    id(FunctionType): _of_function,
    id(CellType): _of_cell,
    id(BaseException): _of_exception,
    id(type): _of_class,
    **{id(kind): _nothing for kind in _CONTAINERS},
}
"""By id of the type, for it and what is derived from it."""


# --- what libraries have ---


def _of_task(task: Any) -> str:
    for kind in mro(type(task)):
        getter = type.__dict__["__dict__"].__get__(kind).get("get_name")
        if type(getter) is MethodDescriptorType:
            return f"asyncio task {getter(task)!r}"
    name = (attributes_of(task) or {}).get("_name")
    return f"asyncio task {name!r}" if type(name) is str else "asyncio task"


def _of_cache(wrapper: Any) -> str:
    function = (attributes_of(wrapper) or {}).get("__wrapped__")
    if type(function) is not FunctionType:
        return "lru_cache"
    module = function.__module__  # may be anything
    prefix = f"{module}." if type(module) is str else ""
    return f"lru_cache of {prefix}{function.__qualname__}"


_LIBRARY: tuple[tuple[str, str, Callable[[Any], str]], ...] = (
    ("logging", "LogRecord", lambda _: "log record"),
    ("_asyncio", "Task", _of_task),
    ("asyncio.tasks", "_PyTask", _of_task),
    ("_asyncio", "Future", lambda _: "asyncio future"),
    ("asyncio.futures", "_PyFuture", lambda _: "asyncio future"),
    ("concurrent.futures._base", "Future", lambda _: "concurrent future"),
    ("functools", "_lru_cache_wrapper", _of_cache),
    ("_thread", "_local", lambda _: "threading.local"),
)
