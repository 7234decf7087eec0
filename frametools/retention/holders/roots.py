"""What lives long by itself, and so ends the search for a holder.

modules        sys.modules: their globals, by name
classes        those that a module has under their own name
running code   locals of the frames that threads execute, exceptions they handle
contexts       the values of context variables
the rest       signal handlers, trace and profile functions
"""

from __future__ import annotations

import _signal  # type: ignore[import-not-found]
import sys
from _contextvars import Context
from _thread import get_ident
from typing import TYPE_CHECKING, Any, NamedTuple

from frametools._frame_values import CO_OPTIMIZED, local_values
from frametools._python import CURRENT_EXCEPTIONS_ARE_VALUES, HAS_LOCALS_PROXY
from frametools._safe_repr.classes import class_dict
from frametools.retention.heap.census import (
    current_exceptions,
    is_ours,
    running_threads,
)
from frametools.retention.holders.edges import (
    attributes_of,
    is_class,
    is_module,
    loaded,
    module_dict,
    module_of,
    qualified_name,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import FrameType

MODULE, CLASS, CONTEXT, STATE, RUNNING = range(5)
"""Ranks: what is understood more easily comes first."""


class Root(NamedTuple):
    """Something that lives long, or a reference from it."""

    rank: int
    name: str
    kind: str
    """What the reference is, if it is the root itself that refers to the head."""
    suffix: str = ""
    """What comes behind the path."""
    thread: int = 0
    """The thread that runs the code, if it is running code."""


class Roots:
    """The roots of the process as it is now. Keeps nothing but names and ids."""

    def __init__(self) -> None:
        self._modules: dict[int, str] = {}
        """Names by id, of modules and of their namespaces."""
        for name, module in list(sys.modules.items()):
            if is_module(module) and type(name) is str:
                self._modules.setdefault(id(module), name)
                self._modules.setdefault(id(module_dict(module)), name)
        self._direct: dict[int, list[Root]] = {}
        self._note_running()
        self._note_handled()
        self._note_callbacks()

    def module_name(self, node: object) -> str | None:
        """Return the name of a module, or of the one whose namespace it is."""
        return self._modules.get(id(node))

    def direct(self, node: object) -> list[Root]:
        """Return the references to an object that the collector does not see."""
        return self._direct.get(id(node), [])

    def of(self, node: Any) -> Root | None:
        """Return what an object is as a root; None if it is none."""
        module = self._modules.get(id(node))
        if module is not None:
            return Root(MODULE, module, "module global")
        if is_class(node):
            return _class(node)
        if type(node) is Context:
            return Root(CONTEXT, "contextvars.Context", "context variable")
        return None

    def namespaces_of(self, wanted: set[int]) -> list[tuple[int, dict[str, Any]]]:
        """Return who has some objects, known by id, among the globals of a module.

        Pairs of that id and the namespace, as often as it has it. One look at all
        namespaces: 40 ns per global.
        """
        found: list[tuple[int, dict[str, Any]]] = []
        for module in list(sys.modules.values()):
            if is_module(module):
                namespace = module_dict(module)
                ids = map(id, list(namespace.values()))
                found += [(value, namespace) for value in ids if value in wanted]
        return found

    # --- what refers to objects unseen ---

    def _add(self, node: object, root: Root) -> None:
        self._direct.setdefault(id(node), []).append(root)

    def _note_running(self) -> None:
        for thread, frames in running_threads().items():
            for frame in frames:
                if is_ours(frame):
                    continue
                if frame.f_code.co_flags & CO_OPTIMIZED:
                    self._note_locals(frame, thread)
                elif HAS_LOCALS_PROXY:
                    # Before, this would write into the mapping of `__prepare__`.
                    self._add(frame.f_locals, _running(frame, thread, ""))

    def _note_locals(self, frame: FrameType, thread: int) -> None:
        other = thread != get_ident()
        for name, value in local_values(frame, is_of_other_thread=other):
            self._add(value, _running(frame, thread, name))

    def _note_handled(self) -> None:
        kind = "the exception being handled"
        for thread, handled in current_exceptions().items():
            error = handled if CURRENT_EXCEPTIONS_ARE_VALUES else handled[1]
            if error is not None:
                suffix = _thread_suffix(thread)
                self._add(error, Root(RUNNING, "sys.exception()", kind, suffix, thread))

    def _note_callbacks(self) -> None:
        for name, get in (("gettrace", sys.gettrace), ("getprofile", sys.getprofile)):
            function = get()
            if function is not None:
                self._add(function, Root(STATE, f"sys.{name}()", f"sys.{name}()"))
        for number in range(1, _signal.NSIG):
            try:
                handler = _signal.getsignal(number)
            except ValueError:
                continue
            if callable(handler):
                name = f"signal.getsignal({number})"
                self._add(handler, Root(STATE, name, "signal handler"))


def _running(frame: FrameType, thread: int, name: str) -> Root:
    code = frame.f_code
    place = f" in {code.co_qualname} ({_base(code.co_filename)}:{frame.f_lineno})"
    kind = "local of a running frame" if name else "class body being run"
    return Root(RUNNING, name, kind, place + _thread_suffix(thread), thread)


def _base(path: str) -> str:
    return path.rpartition("/")[2] or path


def _thread_suffix(thread: int) -> str:
    """Name a thread other than the main one."""
    threads = loaded("threading", "_active")
    found = threads.get(thread) if type(threads) is dict else None
    if found is None or found is loaded("threading", "_main_thread"):
        return ""
    name = (attributes_of(found) or {}).get("_name")
    return f", thread {name}" if type(name) is str else f", thread {thread}"


def _class(kind: type) -> Root | None:
    """Return a class as a root if its module has it under its name."""
    name = qualified_name(kind)
    module = class_dict(kind).get("__module__")
    found: Any = sys.modules.get(module) if type(module) is str else None
    if found is None:
        found = sys.modules.get(module_of(kind))
    if found is None or not is_module(found):
        return None
    names: Any = module_dict(found)
    parts = type.__dict__["__qualname__"].__get__(kind).split(".")
    for index, part in enumerate(parts):
        found = names.get(part)
        if index < len(parts) - 1:
            if not is_class(found):
                return None
            names = class_dict(found)
    return Root(CLASS, name, "class attribute") if found is kind else None


def context_variable(context: Any, values: Iterable[object]) -> str | None:
    """Name the variable of a context that has one of the values."""
    wanted = set(map(id, values))
    for variable, value in type(context).items(context):
        if id(value) in wanted:
            return str(variable.name)
    return None
