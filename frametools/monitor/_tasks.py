"""Tasks of asyncio that bear a name of their own, for the Python twin.

As `_core_task.c`: the outermost coroutine of such tasks has a code for each name, equal
but for the number. The name is asked for where a coroutine is entered that neither a
coroutine nor a generator called; only functions of asyncio's own C part are called.
"""

from __future__ import annotations

import sys

# A program may delete some of those that all share.
globals()["__builtins__"] = vars(__import__("builtins")).copy()

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from frametools.monitor._codes import Codes

_MOST_NAMES, _MOST_LENGTH, _DEFAULT_LENGTH = 100, 200, 25


class TaskNames:
    """The names that were seen, and the code that each has."""

    __slots__ = ("_codes", "_known", "_name", "names")

    def __init__(self, codes: Codes) -> None:
        self._codes = codes
        self._known: dict[tuple[int, str], int] = {}
        self._name: Callable[[], str] | None = None
        self.names: list[tuple[int, str]] = []
        """Codes and the names of the tasks that they begin."""

    def code(self, index: int) -> int:
        """Give the code that the task begins with which runs now."""
        if self._name is None:
            self._name = _asker()
            if self._name is None:
                return index
        name = self._name()
        if not name or _is_default(name):
            return index
        key = index, name[:_MOST_LENGTH]
        own = self._known.get(key)
        if own is None:
            if len(self._known) >= _MOST_NAMES:
                return index
            own = self._known[key] = self._codes.again(index)
            self.names.append((own, key[1]))
        return own


def _is_default(name: str) -> bool:
    """True for `Task-12`, which asyncio makes up, and `None`.

    3.13.0 gives that where there is a task factory.
    """
    if name == "None":
        return True
    number = name[5:]
    is_number = number.isascii() and number.isdecimal()
    return len(name) <= _DEFAULT_LENGTH and name.startswith("Task-") and is_number


def _asker() -> Callable[[], str] | None:
    """Make the function that names the running task; None before asyncio is there."""
    module: Any = sys.modules.get("_asyncio")
    try:
        loop_here, get_name = module._get_running_loop, module.Task.get_name
        task_type = module.Task
        current = getattr(module, "current_task", None) or module._current_tasks.get
    except AttributeError:
        return None

    def name() -> str:
        loop = loop_here()
        task = None if loop is None else current(loop)
        if not issubclass(type(task), task_type):
            return ""
        found = get_name(task)
        return found if type(found) is str else ""

    return name
