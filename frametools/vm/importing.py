"""Modules that are imported while a VM runs are run by the VM.

The host's import system stays native; but its loaders look `exec` up by name,

    _call_with_frames_removed(exec, code, module.__dict__)

so a global of that name, put beside them while VMs are active, decides: the code goes
to the VM whose program is importing in this thread, or to the real `exec`.
"""

from __future__ import annotations

import atexit
import sys
from _thread import get_ident
from typing import TYPE_CHECKING, Any

from frametools.vm._builtins import (
    BaseException,
    exec,
    len,
    range,
    reversed,
)
from frametools.vm.tracebacks import strip_handled

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import CodeType

    from frametools.vm.vm import VM

_LOADERS = ("_frozen_importlib", "_frozen_importlib_external")

_active: list[VM] = []
"""VMs with a program under way, the latest last; one can be there many times."""
_whole: list[VM] = []
"""VMs that have the process for themselves: all its threads, to its very end."""


class active:  # noqa: N801
    """A block in which modules that the program of a VM imports are run by it."""

    __slots__ = ("vm",)

    def __init__(self, vm: VM) -> None:
        self.vm = vm

    def __enter__(self) -> None:
        _install()
        _active.append(self.vm)

    def __exit__(self, *_exc: object) -> None:
        # The last of them, whichever it is: blocks of threads need not be nested.
        for at in range(len(_active) - 1, -1, -1):
            if _active[at] is self.vm:
                del _active[at]
                break
        if not _active:
            _remove()


def stay_active(vm: VM, *, whole: bool = False) -> None:
    """Begin what never ends: a VM's functions may be called at any later time.

    `whole` is for the VM that runs the process: it runs what any thread imports.
    """
    atexit.register(_remove)
    active(vm).__enter__()
    if whole:
        _whole.append(vm)


def has_process(vm: VM) -> bool:
    """Say if a VM has the process for itself: the runner's."""
    return vm in _whole


def _install() -> None:
    for name in _LOADERS:
        sys.modules[name].__dict__["exec"] = _exec


def _remove() -> None:
    for name in _LOADERS:
        if sys.modules[name].__dict__.get("exec") is _exec:
            del sys.modules[name].__dict__["exec"]


def vm_of_thread() -> VM | None:
    """Return the VM whose program calls, in this thread."""
    ident = get_ident()
    for vm in reversed(_active):
        thread = vm.threads.get(ident)
        if thread is not None and thread.current_frame is not None:
            return vm
    return _whole[-1] if _whole else None


execute: list[Callable[..., Any]] = []
"""running.py puts its function here: it imports this module, and an import where it is
needed would be by the program's `__import__`."""


def _exec(
    co: CodeType, global_names: dict[str, Any], local_names: Any = None, /
) -> None:
    """Execute the code of a module: `exec`, as the import system sees it."""
    vm = vm_of_thread()
    try:
        if vm is None or not vm.policy.runs_code(co, global_names):
            exec(co, global_names, local_names)
            return
        execute[0](vm, co, global_names, local_names)
    except BaseException:
        strip_handled()  # no frame of ours between the import system's and the module's
        raise
