"""What only the host's C API can do, reached through ctypes."""

from __future__ import annotations

import ctypes
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from frametools.vm.thread import ThreadState

_set_handled = ctypes.pythonapi.PyErr_SetHandledException
_set_handled.argtypes = [ctypes.py_object]
_set_handled.restype = None


def tell(thread: ThreadState, handled: BaseException | None) -> None:
    """Make `handled` what the host takes to be handled in this thread."""
    _set_handled(handled)
    thread.host_exc = handled


def raise_plainly(error: BaseException) -> NoReturn:
    """Raise `error` and leave its `__context__` as it is."""
    raise error
