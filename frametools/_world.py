"""The interpreter as it was before the program: the report runs in it.

A program may replace builtins, sys.path and import hooks, have a json.py of its own,
leave a trace function on or a recursion limit of 40. While the report is made these
are set aside, and then put back for what the program still does as it ends.
"""

from __future__ import annotations

import builtins
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType, FrameType, ModuleType, TracebackType

_RECURSION = 1_000
_LISTS = ("path", "meta_path", "path_hooks")


class World:
    """What imports and built-in names lead to; made before the program runs."""

    __slots__ = (
        "_builtins",
        "_damaged",
        "_lists",
        "_live",
        "_modules",
        "_names",
        "_standard",
        "_theirs",
        "starters",
    )

    def __init__(self) -> None:
        self.starters = _codes_below()
        """The code of each frame that ran then: of those who start the program."""
        self._live = vars(builtins)
        self._builtins = dict(self._live)
        self._damaged = self._builtins
        self._modules = sys.modules
        self._names = dict(sys.modules)
        del self._names["__main__"]
        self._lists: dict[str, list[object]] = {
            name: list(getattr(sys, name)) for name in _LISTS
        }
        if not sys.flags.safe_path:
            # Ours or the current directory's: late imports are of the standard
            # library, which a file in there must not shadow.
            del self._lists["path"][:1]
        self._standard = os.path.dirname(os.__file__)
        self._theirs: _Theirs | None = None

    def restore_builtins(self) -> None:
        """Give the built-in names back first; here none of them may be needed."""
        self._damaged = self._live.copy()
        self._live.update(self._builtins)

    def __enter__(self) -> None:
        sys.settrace(None)
        sys.setprofile(None)
        self._theirs = _Theirs(self._damaged)
        sys.setrecursionlimit(max(sys.getrecursionlimit(), _RECURSION))
        sys.modules = self._modules
        for name, value in self._lists.items():
            setattr(sys, name, list(value))
        self._set_modules_aside(self._theirs)

    def _set_modules_aside(self, theirs: _Theirs) -> None:
        """Put our modules back, and the standard library in place of namesakes."""
        modules = self._modules
        for name, module in list(modules.items()):
            top = name.partition(".")[0]
            if top in sys.stdlib_module_names and not self._is_standard(module):
                theirs.modules[name] = modules.pop(name)
        for name, module in self._names.items():
            if modules.get(name) is not module:
                theirs.modules.setdefault(name, modules.get(name))
                modules[name] = module

    def _is_standard(self, module: ModuleType) -> bool:
        """Look without running any code of the program's."""
        if type(module) is not type(sys):
            return False
        names = vars(module)
        spec = names.get("__spec__")
        origin = getattr(spec, "origin", None) if spec else names.get("__file__")
        if not isinstance(origin, str):
            return True
        return origin in ("built-in", "frozen") or origin.startswith(self._standard)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._theirs is not None:
            self._theirs.put_back(self._modules)
        self._theirs = None


class _Theirs:
    """What the program had made of it."""

    __slots__ = ("builtins", "gc", "lists", "modules", "names", "recursion", "tools")

    def __init__(self, builtins: dict[str, object]) -> None:
        self.builtins = builtins
        self.lists = {name: getattr(sys, name, []) for name in _LISTS}
        self.recursion = sys.getrecursionlimit()
        self.modules: dict[str, ModuleType | None] = {}
        self.names = sys.modules
        self.gc = _pause_collection()
        self.tools = _silence_tools()

    def put_back(self, modules: dict[str, ModuleType]) -> None:
        """Give the program its own world again."""
        for name, module in self.modules.items():
            if module is None:
                modules.pop(name, None)
            else:
                modules[name] = module
        sys.modules = self.names
        for name, value in self.lists.items():
            setattr(sys, name, value)
        sys.setrecursionlimit(self.recursion)
        _restore_tools(self.tools)
        if self.gc:
            import gc

            gc.enable()
        names = vars(builtins)
        for name in names.keys() - self.builtins.keys():
            del names[name]
        names.update(self.builtins)


def _codes_below() -> list[CodeType]:
    frame: FrameType | None = sys._getframe(1)
    found = []
    while frame is not None:
        found.append(frame.f_code)
        frame = frame.f_back
    return found


def _pause_collection() -> bool:
    """Switch the collector off: it would run the program's gc.callbacks."""
    import gc

    was_on = gc.isenabled()
    gc.disable()
    return was_on


def _silence_tools() -> list[tuple[int, int]]:
    """Switch off what other tools on sys.monitoring listen to; 3.12 and later."""
    monitoring = getattr(sys, "monitoring", None)
    if monitoring is None:
        return []
    found = []
    for tool in range(6):
        if monitoring.get_tool(tool) is not None:
            events = monitoring.get_events(tool)
            if events:
                monitoring.set_events(tool, 0)
                found.append((tool, events))
    return found


def _restore_tools(tools: list[tuple[int, int]]) -> None:
    for tool, events in tools:
        if sys.monitoring.get_tool(tool) is not None:  # ours has gone meanwhile
            sys.monitoring.set_events(tool, events)
